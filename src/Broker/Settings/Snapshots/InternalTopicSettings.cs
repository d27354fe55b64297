namespace Moldau.Broker.Settings.Snapshots;

/// <summary>How a topic in which a coordinator keeps its state is made. No more replicas than there are nodes.</summary>
/// <param name="MinInSyncReplicas">Null where the topic takes what all topics take.</param>
public sealed record InternalTopicSettings(int Partitions, int ReplicationFactor, int SegmentBytes, int? MinInSyncReplicas);
