using Moldau.Protocol.Errors;

namespace Moldau.Coordination.Groups.Streams.Topologies;

/// <summary>
/// How many partitions each topic of a topology has or shall have. A topic that exists has what it has; a repartition topic gets
/// what is told of it, or as many as the largest topic that is read by whoever writes it; topics of one copartition group get the
/// same; a changelog gets as many as its subtopology has tasks.
/// </summary>
internal sealed class PartitionCounts(StreamsTopology topology, ITopicDirectory topics)
{
    private readonly Dictionary<string, int> _decided = new(StringComparer.Ordinal);

    public void Decide()
    {
        foreach (var (name, count) in Repartitions()) _decided[name] = count;
        foreach (var group in topology.Subtopologies.SelectMany(static part => part.Copartitioned)) Align(group);
        foreach (var part in topology.Subtopologies)
        {
            if (!part.Inputs.Any()) throw Invalid($"No source topics found for subtopology {part.Id}");
            var most = part.Inputs.Max(Of);
            foreach (var changelog in part.Changelogs) _decided[changelog.Name] = most;
        }
    }

    public int Of(string topic) => topics.Find(topic)?.PartitionCount ?? DecidedOf(topic);

    public int DecidedOf(string topic) =>
        _decided.TryGetValue(topic, out var count) ? count : throw new GroupRefusedException(ErrorCode.UnknownServerError, $"The number of partitions of topic {topic} follows from nothing.");

    private Dictionary<string, int> Repartitions()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var topic in topology.Subtopologies.SelectMany(static part => part.Repartitions).Where(static topic => topic.Partitions != 0)) counts[topic.Name] = topic.Partitions;
        // A part that reads what another writes waits for that one's number.
        for (var isOpen = true; isOpen;)
        {
            isOpen = false;
            var hasMoved = false;
            foreach (var part in topology.Subtopologies)
            {
                foreach (var sink in part.RepartitionSinks.Where(sink => !counts.ContainsKey(sink)).ToList())
                {
                    if (Largest(part, counts) is { } count) (counts[sink], hasMoved) = (count, true);
                    else isOpen = true;
                }
            }

            if (isOpen && !hasMoved)
                throw Invalid("Failed to compute number of partitions for all repartition topics. There may be loops in the topology that cannot be resolved.");
        }

        if (topology.Subtopologies.SelectMany(static part => part.Repartitions).Any(topic => !counts.ContainsKey(topic.Name)))
            throw Invalid("Failed to compute number of partitions for all repartition topics, because a repartition source topic is never used as a sink topic.");
        return counts;
    }

    private int? Largest(Subtopology part, Dictionary<string, int> repartitions)
    {
        int? largest = null;
        foreach (var topic in part.Repartitions)
        {
            if (repartitions.TryGetValue(topic.Name, out var count) && !(largest >= count)) largest = count;
        }

        foreach (var topic in part.Sources)
        {
            if (topics.Find(topic) is { } known && !(largest >= known.PartitionCount)) largest = known.PartitionCount;
        }

        return largest;
    }

    private void Align(HashSet<string> group)
    {
        if (group.Count == 0) return;
        var all = topology.Subtopologies.SelectMany(static part => part.Repartitions).ToList();
        // Those whose number the application says, anywhere in its topology.
        var fixedOnes = all.Where(static topic => topic.Partitions != 0).Select(static topic => topic.Name).ToHashSet(StringComparer.Ordinal);
        var internals = group.Where(name => all.Any(topic => topic.Name == name)).ToDictionary(static name => name, Of, StringComparer.Ordinal);
        var externals = group.Where(name => !internals.ContainsKey(name)).ToDictionary(static name => name, Of, StringComparer.Ordinal);
        var count = externals.Count > 0 ? Same(externals, externals) : fixedOnes.Count > 0 ? Same(fixedOnes.ToDictionary(static name => name, Of), internals) : internals.Values.Max();
        foreach (var (name, had) in internals)
        {
            if (fixedOnes.Contains(name) && had != count)
            {
                throw new TopologyProblemException(
                    StreamsStatus.IncorrectlyPartitionedTopics,
                    $"Number of partitions [{had}] of repartition topic [{name}] doesn't match number of partitions [{count}] of the source topic.");
            }

            _decided[name] = count;
        }
    }

    private static int Same(Dictionary<string, int> counts, Dictionary<string, int> told)
    {
        var first = counts.Values.First();
        if (counts.Values.All(count => count == first)) return first;
        var list = string.Join(", ", told.OrderBy(static entry => entry.Key, StringComparer.Ordinal).Select(static entry => $"{entry.Key}={entry.Value}"));
        throw new TopologyProblemException(StreamsStatus.IncorrectlyPartitionedTopics, $"Following topics do not have the same number of partitions: [{{{list}}}]");
    }

    private static GroupRefusedException Invalid(string message) => new(ErrorCode.StreamsInvalidTopology, message);
}
