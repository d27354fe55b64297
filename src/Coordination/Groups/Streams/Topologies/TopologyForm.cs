using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Streams.Topologies;

/// <summary>A topology as a member describes it, and as it is stored.</summary>
internal static class TopologyForm
{
    private const short Version = 0;

    public static StreamsTopology Read(StreamsGroupHeartbeatRequest.TopologySpec told) => new(told.Epoch,
    [
        .. told.Subtopologies.Select(static part => new Subtopology(part.SubtopologyId)
        {
            Sources = [.. part.SourceTopics],
            SourceRegexes = [.. part.SourceTopicRegex],
            Changelogs = [.. part.StateChangelogTopics.Select(Read)],
            RepartitionSinks = [.. part.RepartitionSinkTopics],
            Repartitions = [.. part.RepartitionSourceTopics.Select(Read)],
            CopartitionGroups = [.. part.CopartitionGroups.Select(static group => new CopartitionGroup([.. group.SourceTopics], [.. group.SourceTopicRegex], [.. group.RepartitionSourceTopics]))],
        }),
    ]);

    public static StreamsTopology Read(StreamsGroupTopologyValue stored) => new(stored.Epoch,
    [
        .. stored.Subtopologies.Select(static part => new Subtopology(part.SubtopologyId)
        {
            Sources = [.. part.SourceTopics],
            SourceRegexes = [.. part.SourceTopicRegex],
            Changelogs = [.. part.StateChangelogTopics.Select(Read)],
            RepartitionSinks = [.. part.RepartitionSinkTopics],
            Repartitions = [.. part.RepartitionSourceTopics.Select(Read)],
            CopartitionGroups = [.. part.CopartitionGroups.Select(static group => new CopartitionGroup([.. group.SourceTopics], [.. group.SourceTopicRegex], [.. group.RepartitionSourceTopics]))],
        }),
    ]);

    public static StreamsGroupTopologyValue Write(StreamsTopology topology) => new() { Epoch = topology.Epoch, Subtopologies = [.. topology.Subtopologies.Select(Write)] };

    /// <summary>Whether they are the same, in whatever order their subtopologies are told.</summary>
    public static bool Equal(StreamsTopology one, StreamsTopology other) => Bytes(one).AsSpan().SequenceEqual(Bytes(other));

    private static byte[] Bytes(StreamsTopology topology)
    {
        var value = Write(new StreamsTopology(topology.Epoch, [.. topology.Subtopologies.OrderBy(static part => part.Id, StringComparer.Ordinal)]));
        var bytes = new byte[value.Size(Version)];
        var writer = new WireWriter(bytes);
        value.Write(ref writer, Version);
        return bytes;
    }

    private static StreamsGroupTopologyValue.Subtopology Write(Subtopology part) => new()
    {
        SubtopologyId = part.Id,
        SourceTopics = [.. part.Sources],
        SourceTopicRegex = [.. part.SourceRegexes],
        StateChangelogTopics = [.. part.Changelogs.Select(Write)],
        RepartitionSinkTopics = [.. part.RepartitionSinks],
        RepartitionSourceTopics = [.. part.Repartitions.Select(Write)],
        CopartitionGroups =
        [
            .. part.CopartitionGroups.Select(static group => new StreamsGroupTopologyValue.CopartitionGroup
            {
                SourceTopics = [.. group.Sources], SourceTopicRegex = [.. group.SourceRegexes], RepartitionSourceTopics = [.. group.Repartitions],
            }),
        ],
    };

    private static StreamsGroupTopologyValue.InternalTopic Write(InternalTopic topic) => new()
    {
        Name = topic.Name, Partitions = topic.Partitions, ReplicationFactor = topic.ReplicationFactor,
        TopicConfigs = [.. topic.Settings.Select(static setting => new StreamsGroupTopologyValue.Config { Key = setting.Key, Value = setting.Value })],
    };

    private static InternalTopic Read(StreamsGroupHeartbeatRequest.TopicInfo topic) =>
        new(topic.Name, topic.Partitions, topic.ReplicationFactor, [.. topic.TopicConfigs.Select(static setting => KeyValuePair.Create(setting.Key, setting.Value))]);

    private static InternalTopic Read(StreamsGroupTopologyValue.InternalTopic topic) =>
        new(topic.Name, topic.Partitions, topic.ReplicationFactor, [.. topic.TopicConfigs.Select(static setting => KeyValuePair.Create(setting.Key, setting.Value))]);
}
