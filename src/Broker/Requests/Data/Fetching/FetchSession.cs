using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Data.Fetching;

/// <summary>
/// What a client fetches again and again (KIP-227): it names only what changes, and is told only what has changed. One
/// request at a time uses it, under <see cref="Sync"/>.
/// </summary>
internal sealed class FetchSession(int id, bool usesIds, bool isPrivileged)
{
    private readonly Dictionary<PartitionKey, LinkedListNode<SessionPartition>> _byKey = [];
    private readonly LinkedList<SessionPartition> _inOrder = [];

    public Lock Sync { get; } = new();

    public int Id { get; } = id;

    /// <summary>Whether its topics are named by ids; a client that changes its mind begins a new session.</summary>
    public bool UsesIds { get; } = usesIds;

    /// <summary>A follower's: it is not given up for a consumer's.</summary>
    public bool IsPrivileged { get; } = isPrivileged;

    /// <summary>Of the next request.</summary>
    public int Epoch { get; set; } = 1;

    public long LastUsed { get; set; }

    public int Count => _inOrder.Count;

    /// <summary>In the order in which they are read: who was given records goes to the end.</summary>
    public LinkedList<SessionPartition> Partitions => _inOrder;

    public void Add(string topic, Uuid topicId, FetchRequest.FetchPartition asked)
    {
        var key = new PartitionKey(UsesIds ? "" : topic, topicId, asked.Partition);
        if (!_byKey.TryGetValue(key, out var node))
        {
            node = _inOrder.AddLast(new SessionPartition(topic, topicId, asked.Partition));
            _byKey.Add(key, node);
        }

        node.Value.Take(asked);
    }

    public void Remove(string topic, Uuid topicId, int number)
    {
        if (_byKey.Remove(new PartitionKey(UsesIds ? "" : topic, topicId, number), out var node)) _inOrder.Remove(node);
    }

    public void MoveToEnd(SessionPartition partition)
    {
        if (!_byKey.TryGetValue(new PartitionKey(UsesIds ? "" : partition.Topic, partition.TopicId, partition.Number), out var node)) return;
        _inOrder.Remove(node);
        _inOrder.AddLast(node);
    }

    private readonly record struct PartitionKey(string Topic, Uuid TopicId, int Number);
}
