namespace Moldau.Broker.Settings.Snapshots;

/// <summary>How topics come to be, and whether they go.</summary>
public sealed record TopicCreationSettings
{
    public required int Partitions { get; init; }

    public required int ReplicationFactor { get; init; }

    public required bool AutoCreates { get; init; }

    public required bool AllowsDeletion { get; init; }

    internal static TopicCreationSettings Of(SettingValues values) => new()
    {
        Partitions = values.Int("num.partitions"),
        ReplicationFactor = values.Int("default.replication.factor"),
        AutoCreates = values.Truth("auto.create.topics.enable"),
        AllowsDeletion = values.Truth("delete.topic.enable"),
    };
}
