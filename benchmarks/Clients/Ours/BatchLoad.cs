using Moldau.Bench.Clients.Worker;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Serdes;

namespace Moldau.Bench.Clients.Ours;

internal sealed class BatchLoad(KafkaClient client, Consumer<None?, byte[]> consumer) : IClientLoad
{
    private readonly IAsyncEnumerator<Batch<None?, byte[]>> _batches = consumer.ReadBatchesAsync().GetAsyncEnumerator();
    private long _bytes;

    public async Task<long> RunAsync(Deadline deadline)
    {
        var done = 0L;
        while (!deadline.IsOver && await _batches.MoveNextAsync())
        {
            var batch = _batches.Current;
            for (var i = 0; i < batch.Count; i++) _bytes += batch.Raw(i).Value!.Value.Length;
            done += batch.Count;
        }

        return done;
    }

    public async ValueTask DisposeAsync()
    {
        await _batches.DisposeAsync();
        await consumer.DisposeAsync();
        await client.DisposeAsync();
    }
}
