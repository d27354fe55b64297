using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Groups;

namespace Moldau.Compatibility.Clients.Groups;

/// <summary>A consumer of ours that is in a group and handles whatever comes.</summary>
internal sealed class OurMember : IAsyncDisposable
{
    private readonly Consumer<byte[], string> _consumer;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _run;
    private readonly Lock _gate = new();
    private readonly List<string> _values = [];

    public OurMember(KafkaClient client, string group, string topic, GroupOptions options)
    {
        _consumer = client.CreateConsumer<byte[], string>(new ConsumerOptions { GroupId = group, Topics = [topic], Group = options });
        _run = _consumer.RunAsync(
            (record, _) =>
            {
                lock (_gate) _values.Add(record.Value!);
                return default;
            },
            cancellation: _ending.Token);
    }

    public int Partitions => _consumer.Assignment.Count;

    public List<string> Values
    {
        get
        {
            lock (_gate) return [.. _values];
        }
    }

    /// <summary>Looks until it is so. What a foreign client has is known to the coordinator alone, which tells nobody.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await condition())
        {
            if (_run.IsFaulted) await _run;
            if (deadline.IsCancellationRequested) throw new TimeoutException($"waited for {what}; ours has {Partitions}");
            await Task.Delay(100);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _run;
        await _consumer.DisposeAsync();
    }
}
