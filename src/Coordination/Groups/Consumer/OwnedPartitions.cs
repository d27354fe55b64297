using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>Partitions and the member epoch each was assigned in; sorted, and never changes.</summary>
internal sealed class OwnedPartitions
{
    public static readonly OwnedPartitions Empty = new([]);

    private readonly KeyValuePair<Uuid, KeyValuePair<int, int>[]>[] _topics;

    private OwnedPartitions(KeyValuePair<Uuid, KeyValuePair<int, int>[]>[] topics) => _topics = topics;

    /// <summary>Partitions and their epochs by topic.</summary>
    public IReadOnlyList<KeyValuePair<Uuid, KeyValuePair<int, int>[]>> Topics => _topics;

    public bool IsEmpty => _topics.Length == 0;

    /// <summary>Topics without partitions are left out.</summary>
    public static OwnedPartitions Of(IEnumerable<KeyValuePair<Uuid, Dictionary<int, int>>> topics)
    {
        var sorted = topics.Where(static topic => topic.Value.Count > 0)
            .Select(static topic => new KeyValuePair<Uuid, KeyValuePair<int, int>[]>(topic.Key, [.. topic.Value.OrderBy(static part => part.Key)]))
            .OrderBy(static topic => topic.Key.High).ThenBy(static topic => topic.Key.Low).ToArray();
        return sorted.Length == 0 ? Empty : new OwnedPartitions(sorted);
    }

    public ReadOnlySpan<KeyValuePair<int, int>> Of(Uuid topic)
    {
        foreach (var (id, parts) in _topics)
        {
            if (id == topic) return parts;
        }

        return [];
    }

    /// <summary>Null where the partition is not among these.</summary>
    public int? EpochOf(Uuid topic, int partition)
    {
        foreach (var (number, epoch) in Of(topic))
        {
            if (number == partition) return epoch;
        }

        return null;
    }

    public OwnedPartitions WithEpoch(int epoch) => Of(_topics.Select(topic =>
        new KeyValuePair<Uuid, Dictionary<int, int>>(topic.Key, topic.Value.ToDictionary(static part => part.Key, _ => epoch))));

    /// <summary>All but those of some topics, and those.</summary>
    public (OwnedPartitions Kept, OwnedPartitions Left) Split(Func<Uuid, bool> isKept)
    {
        var kept = _topics.Where(topic => isKept(topic.Key)).ToArray();
        if (kept.Length == _topics.Length) return (this, Empty);
        return (kept.Length == 0 ? Empty : new OwnedPartitions(kept), new OwnedPartitions([.. _topics.Where(topic => !isKept(topic.Key))]));
    }

    public OwnedPartitions With(OwnedPartitions others)
    {
        if (others.IsEmpty) return this;
        var all = _topics.ToDictionary(static topic => topic.Key, static topic => topic.Value.ToDictionary());
        foreach (var (topic, parts) in others._topics)
        {
            if (!all.TryGetValue(topic, out var mine)) all[topic] = mine = [];
            foreach (var (partition, epoch) in parts) mine[partition] = epoch;
        }

        return Of(all);
    }

    public bool SameAs(OwnedPartitions other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (_topics.Length != other._topics.Length) return false;
        for (var index = 0; index < _topics.Length; index++)
        {
            if (_topics[index].Key != other._topics[index].Key || !_topics[index].Value.AsSpan().SequenceEqual(other._topics[index].Value)) return false;
        }

        return true;
    }
}
