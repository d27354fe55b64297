using Moldau.Coordination.Groups.Consumer.Assignors;

namespace Moldau.Coordination.Groups.Streams.Topologies;

/// <summary>Looks at a topology beside the topics there are: how many tasks it has, and which internal topics are missing.</summary>
internal static class TopologyConfiguration
{
    private const int MostNamed = 3;

    /// <exception cref="GroupRefusedException">No topics could make it run.</exception>
    public static ConfiguredTopology Of(StreamsTopology topology, ITopicDirectory topics)
    {
        try
        {
            ThrowIfSourcesMiss(topology, topics);
            var counts = new PartitionCounts(topology, topics);
            counts.Decide();
            var parts = topology.Subtopologies.OrderBy(static part => part.Id, StringComparer.Ordinal).Select(part => Configure(part, counts)).ToArray();
            var missing = Missing(parts, topology, topics);
            var problem = missing.Count == 0 ? null : new TopologyProblem(StreamsStatus.MissingInternalTopics, $"Internal topics are missing: {Summary(missing.Select(static topic => topic.Name))}");
            return new ConfiguredTopology(topology.Epoch, parts, missing, problem);
        }
        catch (TopologyProblemException problem)
        {
            return new ConfiguredTopology(topology.Epoch, null, [], problem.Problem);
        }
    }

    private static void ThrowIfSourcesMiss(StreamsTopology topology, ITopicDirectory topics)
    {
        var missing = topology.Subtopologies.SelectMany(static part => part.Sources).Where(name => topics.Find(name) is null).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (missing.Length > 0) throw new TopologyProblemException(StreamsStatus.MissingSourceTopics, $"Source topics {Summary(missing)} are missing.");
    }

    private static ConfiguredSubtopology Configure(Subtopology part, PartitionCounts counts) =>
        new(part, part.Inputs.Max(counts.Of), Decided(part.Changelogs, counts), Decided(part.Repartitions, counts));

    private static InternalTopic[] Decided(IReadOnlyList<InternalTopic> topics, PartitionCounts counts) =>
        [.. topics.Select(topic => topic.Partitions == 0 ? topic with { Partitions = counts.DecidedOf(topic.Name) } : topic)];

    private static List<InternalTopic> Missing(IReadOnlyList<ConfiguredSubtopology> parts, StreamsTopology topology, ITopicDirectory topics)
    {
        // Told in the order in which Kafka's map of them is walked.
        var wanted = new JavaHashMap<string, InternalTopic>(JavaHash.OfText);
        foreach (var topic in parts.SelectMany(static part => part.Repartitions.Concat(part.Changelogs))) wanted[topic.Name] = topic;
        foreach (var name in topology.RequiredTopics)
        {
            if (topics.Find(name) is not { } known || !wanted.TryGet(name, out var topic)) continue;
            if (known.PartitionCount != topic.Partitions)
            {
                throw new TopologyProblemException(
                    StreamsStatus.IncorrectlyPartitionedTopics, $"Existing topic {name} has different number of partitions: expected {topic.Partitions}, found {known.PartitionCount}");
            }

            wanted.Remove(name);
        }

        return [.. wanted.Select(static entry => entry.Value)];
    }

    private static string Summary(IEnumerable<string> names)
    {
        var all = names.ToArray();
        var told = string.Join(", ", all.Take(MostNamed));
        return all.Length > MostNamed ? $"{told} and {all.Length - MostNamed} additional topics" : told;
    }
}
