using Moldau.Broker;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Requests.Topics;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;

namespace Moldau.Testing.Nodes;

/// <summary>Moves leaders, one at a time: the epoch rises in the metadata, and with it everything that goes by it.</summary>
internal sealed class LeaderMove(NodeSet nodes) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    public async Task RunAsync(BrokerServer server, string topic, int partition, int node)
    {
        if (!nodes.Has(node))
            throw new ArgumentOutOfRangeException(nameof(node), node, $"the embedded broker answers as {nodes.Count} node(s), from {nodes.First} on; {nameof(EmbeddedBrokerOptions)}.{nameof(EmbeddedBrokerOptions.Nodes)} says how many");
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            while (!await TryAsync(server, topic, partition, node).ConfigureAwait(false))
            {
                // Something else about the partition was changed meanwhile.
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task RunForGroupAsync(BrokerServer server, string group, int node)
    {
        Check(await server.Coordinators!.Groups.EnsureAsync().ConfigureAwait(false));
        await RunAsync(server, TopicName.ConsumerOffsets, ShardNumber.Of(group, server.Coordinators.Groups.Shards.Count), node).ConfigureAwait(false);
    }

    public async Task RunForTransactionsAsync(BrokerServer server, string id, int node)
    {
        Check(await server.Coordinators!.Transactions.Topic.EnsureAsync().ConfigureAwait(false));
        await RunAsync(server, TopicName.TransactionState, ShardNumber.Of(id, server.Coordinators.Transactions.Topic.Shards.Count), node).ConfigureAwait(false);
    }

    public void Dispose() => _one.Dispose();

    private async Task<bool> TryAsync(BrokerServer server, string topic, int number, int node)
    {
        if (server.Topics.Find(topic)?.Find(number) is not { } partition || server.Metadata!.Current.FindPartition(partition.TopicId, number) is not { } known)
            throw new ArgumentException($"there is no partition {number} of topic '{topic}'");
        var epoch = known.Record.LeaderEpoch;
        var from = nodes.Places.LeaderOf(partition.TopicId, number, epoch);
        if (from == node) return true;
        nodes.Places.Move(partition.TopicId, number, from, node, epoch + 1);
        var change = await new ChangePartition(server.Store).RunAsync(partition.TopicId, number, known, known.Record with { LeaderEpoch = epoch + 1 }).ConfigureAwait(false);
        if (change is not PartitionChange.Changed changed) return false;
        await server.Hosting.WaitForAsync(changed.State.Revision).ConfigureAwait(false);
        return true;
    }

    private static void Check((ErrorCode Error, string? Message) made)
    {
        if (made.Error != ErrorCode.None) throw new InvalidOperationException($"what the coordinator keeps its state in cannot be made: {made.Error}, {made.Message}");
    }
}
