namespace Moldau.Coordination.Groups.Streams.Topologies;

/// <summary>What an application runs, as its first member described it. Never changes.</summary>
internal sealed class StreamsTopology
{
    private readonly Dictionary<string, string> _readers = new(StringComparer.Ordinal);

    public StreamsTopology(int epoch, IReadOnlyList<Subtopology> subtopologies)
    {
        (Epoch, Subtopologies) = (epoch, subtopologies);
        foreach (var subtopology in subtopologies)
        {
            foreach (var topic in subtopology.Inputs) _readers[topic] = subtopology.Id;
        }

        RequiredTopics = [.. subtopologies.SelectMany(static part => part.Inputs.Concat(part.Changelogs.Select(static topic => topic.Name))).Distinct(StringComparer.Ordinal)];
    }

    public int Epoch { get; }

    public IReadOnlyList<Subtopology> Subtopologies { get; }

    /// <summary>Sources, repartition topics and changelogs.</summary>
    public IReadOnlyList<string> RequiredTopics { get; }

    /// <summary>The subtopology whose tasks read the topic; null where none does.</summary>
    public string? ReaderOf(string topic) => _readers.GetValueOrDefault(topic);
}
