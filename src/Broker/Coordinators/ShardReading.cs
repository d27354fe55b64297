using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Coordinators;

/// <summary>
/// Looks at the machines of all shards, each in its turn. It answers nobody outside, so that what is not committed yet may
/// be seen, and a disk that hangs keeps nobody waiting; who cannot tell in time is left out.
/// </summary>
internal sealed class ShardReading : PendingReply
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task RunAsync<TMachine>(IReadOnlyList<ShardRuntime<TMachine>> shards, TimeProvider clock, Action<TMachine> look)
        where TMachine : class, IShardMachine
    {
        var readings = new List<Task>(shards.Count);
        foreach (var shard in shards)
        {
            var reading = new ShardReading();
            readings.Add(reading._ended.Task);
            shard.Run(reading, (machine, _) =>
            {
                try
                {
                    look(machine);
                }
                finally
                {
                    reading.Send();
                }
            });
        }

        try
        {
            await Task.WhenAll(readings).WaitAsync(Patience, clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The others have told.
        }
    }

    public override void Send() => _ended.TrySetResult();

    public override void Fail(ErrorCode code, string? message) => _ended.TrySetResult();
}
