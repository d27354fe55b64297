using Moldau.Client.Admin;
using Moldau.Client.Metadata;
using Moldau.Protocol.Errors;

namespace Moldau.Client.Consuming;

/// <summary>Finds where each partition is to be read from, and where to.</summary>
internal sealed class CursorPlacement(TopicAdmin topics, RecordReaderOptions options)
{
    /// <exception cref="KafkaException">There is no such topic or partition, or it has nothing at that offset.</exception>
    public async Task<List<PartitionCursor>> RunAsync(CancellationToken cancellation)
    {
        var topic = (await topics.DescribeAsync([options.Topic], cancellation).ConfigureAwait(false))[0].Get();
        var partitions = Chosen(topic);
        var first = await AskAsync(partitions, OffsetQuery.Earliest, cancellation).ConfigureAwait(false);
        var last = await AskAsync(partitions, OffsetQuery.Latest, cancellation).ConfigureAwait(false);
        var found = options.Start.What == StartPosition.Kind.Time
            ? await AskAsync(partitions, new OffsetQuery(options.Start.Number), cancellation).ConfigureAwait(false)
            : first;
        var cursors = new List<PartitionCursor>();
        foreach (var where in partitions)
        {
            var (begin, end) = (first[where].Get().Offset, last[where].Get().Offset);
            var start = options.Start.What switch
            {
                StartPosition.Kind.Beginning => begin,
                StartPosition.Kind.End => end,
                StartPosition.Kind.Tail => Math.Max(begin, end - options.Start.Number),
                StartPosition.Kind.Time => found[where].Get().Offset is var at && at >= 0 ? at : end,
                _ => options.Start.Number,
            };
            cursors.Add(new PartitionCursor(where, start, options.Follows ? long.MaxValue : end));
        }

        return cursors;
    }

    private List<TopicPartition> Chosen(TopicInfo topic)
    {
        var chosen = new List<TopicPartition>();
        foreach (var partition in options.Partitions)
        {
            if (topic.Find(partition) is null)
                throw new KafkaException(ErrorCode.UnknownTopicOrPartition, $"topic '{topic.Name}' has partitions 0 to {topic.Partitions.Count - 1}", $"{topic.Name}-{partition}");
            chosen.Add(new TopicPartition(topic.Name, partition));
        }

        if (chosen.Count > 0) return chosen;
        foreach (var partition in topic.Partitions) chosen.Add(new TopicPartition(topic.Name, partition.Partition));
        return chosen;
    }

    private Task<Dictionary<TopicPartition, Outcome<FoundOffset>>> AskAsync(List<TopicPartition> partitions, OffsetQuery query, CancellationToken cancellation)
    {
        var queries = new Dictionary<TopicPartition, OffsetQuery>();
        foreach (var where in partitions) queries[where] = query;
        return topics.OffsetsAsync(queries, options.ReadCommitted, cancellation);
    }
}
