using System.Net;

namespace Moldau.Compatibility.Groups.Stored;

/// <summary>A broker that stops in order and starts again on the same folder.</summary>
internal abstract class StoredBroker : IAsyncDisposable
{
    public static Dictionary<string, string> Settings { get; } = new()
    {
        ["node.id"] = "1",
        ["offsets.topic.num.partitions"] = "2",
        ["offsets.topic.replication.factor"] = "1",
        ["transaction.state.log.num.partitions"] = "2",
        ["transaction.state.log.replication.factor"] = "1",
        ["transaction.state.log.min.isr"] = "1",
        ["group.initial.rebalance.delay.ms"] = "0",
        ["group.streams.initial.rebalance.delay.ms"] = "0",
    };

    public abstract string Name { get; }

    public abstract IPEndPoint Address { get; }

    public abstract string Data { get; }

    public abstract Task StartAsync();

    public abstract Task StopAsync();

    public abstract ValueTask DisposeAsync();
}
