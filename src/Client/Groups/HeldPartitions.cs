namespace Moldau.Client.Groups;

/// <summary>
/// What a member holds, and since when: a commit that is tried again is for the same holding, not for one that came after somebody
/// else's.
/// </summary>
internal sealed class HeldPartitions
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TopicPartition, long> _since = [];
    private long _count;

    public void Gain(IReadOnlyList<TopicPartition> partitions)
    {
        lock (_gate)
        {
            _count++;
            foreach (var where in partitions) _since[where] = _count;
        }
    }

    public void Drop(IReadOnlyList<TopicPartition> partitions)
    {
        lock (_gate)
        {
            foreach (var where in partitions) _since.Remove(where);
        }
    }

    /// <summary>0 where it is not held.</summary>
    public long Since(TopicPartition where)
    {
        lock (_gate) return _since.GetValueOrDefault(where);
    }

    public bool IsEmpty
    {
        get
        {
            lock (_gate) return _since.Count == 0;
        }
    }

    public List<TopicPartition> All()
    {
        lock (_gate) return PartitionOrder.Sorted(_since.Keys);
    }
}
