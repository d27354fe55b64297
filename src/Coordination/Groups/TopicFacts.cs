using Moldau.Coordination.Groups.Consumer;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups;

/// <summary>What groups need to know of a topic.</summary>
/// <param name="RacksOf">The racks of a partition's replicas, as far as their nodes have one.</param>
public sealed record TopicFacts(Uuid Id, string Name, int PartitionCount, Func<int, IReadOnlyList<string>> RacksOf)
{
    private long _hash;
    private volatile bool _isHashed;

    /// <summary>Computed once, from all partitions: each join of a group asks for it.</summary>
    internal long Hash
    {
        get
        {
            if (_isHashed) return _hash;
            // Two that come at once compute the same.
            _hash = TopicHash.Of(this);
            _isHashed = true;
            return _hash;
        }
    }
}
