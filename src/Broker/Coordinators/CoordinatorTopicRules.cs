using System.Globalization;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Protocol.Compression;

namespace Moldau.Broker.Coordinators;

/// <summary>What the settings say about an internal topic of a coordinator.</summary>
/// <param name="LoadBytes">Read at once by a load.</param>
/// <param name="Configs">The topic's own settings, given when it is made.</param>
internal sealed record CoordinatorTopicRules(InternalTopicSettings Topic, CompressionType Compression, int LoadBytes, SortedDictionary<string, string> Configs)
{
    public static CoordinatorTopicRules Offsets(BrokerSettings settings) =>
        new(settings.Offsets.Topic, settings.Offsets.Compression, settings.Offsets.LoadBufferBytes, Compacted(settings.Offsets.Topic, "producer"));

    public static CoordinatorTopicRules Transactions(BrokerSettings settings)
    {
        var topic = settings.Transactions.Topic;
        var configs = Compacted(topic, "uncompressed");
        configs["unclean.leader.election.enable"] = "false";
        // No more than there are replicas: the broker bounds it where it counts.
        if (topic.MinInSyncReplicas is { } least) configs["min.insync.replicas"] = Text(least);
        return new(topic, CompressionType.None, settings.Transactions.LoadBufferBytes, configs);
    }

    /// <summary>Not compacted: a record of what has changed builds on those before it. The coordinators let go of what is older.</summary>
    public static CoordinatorTopicRules ShareState(BrokerSettings settings)
    {
        var topic = settings.ShareState.Topic;
        var configs = Compacted(topic, "producer");
        configs["cleanup.policy"] = "delete";
        configs["retention.ms"] = "-1";
        if (topic.MinInSyncReplicas is { } least) configs["min.insync.replicas"] = Text(least);
        return new(topic, settings.ShareState.Compression, settings.ShareState.LoadBufferBytes, configs);
    }

    private static SortedDictionary<string, string> Compacted(InternalTopicSettings topic, string compression) => new(StringComparer.Ordinal)
    {
        ["cleanup.policy"] = "compact",
        ["compression.type"] = compression,
        ["segment.bytes"] = Text(topic.SegmentBytes),
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
