namespace Moldau.Client.Groups;

/// <summary>By topic's name, then by number.</summary>
internal static class PartitionOrder
{
    public static int Compare(TopicPartition one, TopicPartition other) =>
        string.CompareOrdinal(one.Topic, other.Topic) is var order && order != 0 ? order : one.Partition.CompareTo(other.Partition);

    public static List<TopicPartition> Sorted(IEnumerable<TopicPartition> partitions)
    {
        var sorted = new List<TopicPartition>(partitions);
        sorted.Sort(Compare);
        return sorted;
    }

    public static SortedDictionary<string, List<int>> ByTopic(IEnumerable<TopicPartition> partitions)
    {
        var topics = new SortedDictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var where in partitions)
        {
            if (!topics.TryGetValue(where.Topic, out var numbers)) topics[where.Topic] = numbers = [];
            numbers.Add(where.Partition);
        }

        return topics;
    }
}
