using Moldau.Broker.Network;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Sharing;

/// <summary>What a member fetches from, between one request and the next.</summary>
internal sealed class ShareSession(string group, string member, Connection connection)
{
    private readonly LinkedList<(Uuid TopicId, int Number)> _order = new();
    private readonly Dictionary<(Uuid TopicId, int Number), LinkedListNode<(Uuid TopicId, int Number)>> _partitions = [];

    public string Group { get; } = group;

    public string Member { get; } = member;

    /// <summary>Where it began: it ends with that.</summary>
    public Connection Connection { get; } = connection;

    /// <summary>Of the next request.</summary>
    public int Epoch { get; private set; } = 1;

    /// <summary>In the order in which they are read: who was given records goes to the end.</summary>
    public IReadOnlyCollection<(Uuid TopicId, int Number)> Partitions => _order;

    public void Advance() => Epoch = Epoch == int.MaxValue ? 1 : Epoch + 1;

    public void Add(Uuid topicId, int number)
    {
        if (!_partitions.ContainsKey((topicId, number))) _partitions.Add((topicId, number), _order.AddLast((topicId, number)));
    }

    public void Remove(Uuid topicId, int number)
    {
        if (_partitions.Remove((topicId, number), out var node)) _order.Remove(node);
    }

    public void MoveToEnd(Uuid topicId, int number)
    {
        if (!_partitions.TryGetValue((topicId, number), out var node)) return;
        _order.Remove(node);
        _order.AddLast(node);
    }
}
