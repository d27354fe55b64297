using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>Partitions by topic, in the order in which Kafka walks them. Never changes.</summary>
internal sealed class Assignment
{
    public static readonly Assignment Empty = new([]);

    private readonly KeyValuePair<Uuid, int[]>[] _topics;

    private Assignment(KeyValuePair<Uuid, int[]>[] topics) => _topics = topics;

    public IReadOnlyList<KeyValuePair<Uuid, int[]>> Topics => _topics;

    public bool IsEmpty => _topics.Length == 0;

    public int PartitionCount => _topics.Sum(topic => topic.Value.Length);

    /// <summary>As it is, in the order given.</summary>
    public static Assignment InOrder(IEnumerable<KeyValuePair<Uuid, int[]>> topics)
    {
        var all = topics.ToArray();
        return all.Length == 0 ? Empty : new Assignment(all);
    }

    /// <summary>As Kafka holds what it has read from a record.</summary>
    public static Assignment Stored(IEnumerable<KeyValuePair<Uuid, IReadOnlyList<int>>> topics)
    {
        var map = new JavaHashMap<Uuid, int[]>(JavaHash.OfId);
        foreach (var (topic, partitions) in topics) map[topic] = [.. JavaHashSet<int>.Of(JavaHash.OfNumber, partitions)];
        return InOrder(map);
    }

    public ReadOnlySpan<int> Of(Uuid topic)
    {
        foreach (var (id, partitions) in _topics)
        {
            if (id == topic) return partitions;
        }

        return [];
    }

    public bool Holds(Uuid topic, int partition) => Of(topic).Contains(partition);

    /// <summary>The same partitions, in whatever order.</summary>
    public bool SameAs(Assignment other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (_topics.Length != other._topics.Length) return false;
        foreach (var (topic, partitions) in _topics)
        {
            var theirs = other.Of(topic);
            if (theirs.Length != partitions.Length) return false;
            if (theirs.SequenceEqual(partitions)) continue;
            var set = new HashSet<int>(partitions);
            foreach (var partition in theirs)
            {
                if (!set.Contains(partition)) return false;
            }
        }

        return true;
    }

    public override string ToString() =>
        string.Join(" ", _topics.OrderBy(topic => topic.Key.ToString(), StringComparer.Ordinal).Select(topic => $"{topic.Key}:{string.Join(',', topic.Value.Order())}"));
}
