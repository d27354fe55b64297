namespace Moldau.Client.Admin;

/// <summary>Partitions as requests want them: under their topics.</summary>
internal static class TopicPartitions
{
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
