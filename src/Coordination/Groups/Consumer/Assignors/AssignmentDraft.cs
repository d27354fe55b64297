using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>A member's assignment while an assignor works on it: a copy is made when it changes first, as Kafka's is.</summary>
internal sealed class AssignmentDraft(Assignment before)
{
    private JavaHashMap<Uuid, JavaHashSet<int>>? _copy;

    public void Drop(Uuid topic) => Copy().Remove(topic);

    public void Drop(Uuid topic, int partition)
    {
        var copy = Copy();
        if (!copy.TryGet(topic, out var partitions)) return;
        partitions.Remove(partition);
        if (partitions.Count == 0) copy.Remove(topic);
    }

    /// <summary>Without one the topic stays.</summary>
    /// <returns>False where the member has no such partition.</returns>
    public bool Take(Uuid topic, int partition)
    {
        if (!Copy().TryGet(topic, out var partitions) || !partitions.Contains(partition)) return false;
        partitions.Remove(partition);
        return true;
    }

    /// <summary>From here on it is a copy, whose order may be another.</summary>
    public void BeginCopy() => Copy();

    /// <param name="expected">What a set that must be made first is made for.</param>
    public void Add(Uuid topic, int partition, int expected) =>
        Copy().GetOrAdd(topic, () => new JavaHashSet<int>(JavaHash.OfNumber, expected)).Add(partition);

    public Assignment Finish() =>
        _copy is null ? before : Assignment.InOrder(_copy.Select(topic => new KeyValuePair<Uuid, int[]>(topic.Key, [.. topic.Value])));

    private JavaHashMap<Uuid, JavaHashSet<int>> Copy()
    {
        if (_copy is not null) return _copy;
        _copy = new JavaHashMap<Uuid, JavaHashSet<int>>(JavaHash.OfId, before.Topics.Count);
        foreach (var (topic, partitions) in before.Topics) _copy[topic] = JavaHashSet<int>.Of(JavaHash.OfNumber, partitions);
        return _copy;
    }
}
