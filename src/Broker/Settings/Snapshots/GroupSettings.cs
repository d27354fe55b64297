namespace Moldau.Broker.Settings.Snapshots;

/// <summary>
/// A group's settings, as they count: its own, brought between the bounds the broker has now, else the broker's. Times
/// are milliseconds.
/// </summary>
public sealed record GroupSettings
{
    public required int ConsumerSessionTimeout { get; init; }

    public required int ConsumerHeartbeatInterval { get; init; }

    public required int ConsumerAssignmentInterval { get; init; }

    public required int ShareSessionTimeout { get; init; }

    public required int ShareHeartbeatInterval { get; init; }

    public required int ShareAssignmentInterval { get; init; }

    public required int ShareRecordLockDuration { get; init; }

    public required int ShareDeliveryCountLimit { get; init; }

    public required int SharePartitionMaxRecordLocks { get; init; }

    public required ShareOffsetReset ShareOffsetReset { get; init; }

    public required bool ShareReadsCommitted { get; init; }

    public required bool ShareAllowsRenewal { get; init; }

    /// <summary>Empty where the group has none.</summary>
    public required string DeadLetterTopic { get; init; }

    public required bool CopiesDeadLetters { get; init; }

    public required int ShareRetryDelay { get; init; }

    public required int ShareLongestRetryDelay { get; init; }

    public required bool ShareKeepsKeyOrder { get; init; }

    public required int StreamsSessionTimeout { get; init; }

    public required int StreamsHeartbeatInterval { get; init; }

    public required int StreamsAssignmentInterval { get; init; }

    public required int StreamsInitialRebalanceDelay { get; init; }

    public required int StreamsStandbyReplicas { get; init; }

    public static GroupSettings Of(SettingLayers layers, IReadOnlyDictionary<string, string> own)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(own);
        var values = new SettingValues(name => GroupValues.Find(layers, own, name));
        return new GroupSettings
        {
            ConsumerSessionTimeout = values.Int("consumer.session.timeout.ms"),
            ConsumerHeartbeatInterval = values.Int("consumer.heartbeat.interval.ms"),
            ConsumerAssignmentInterval = values.Int("consumer.assignment.interval.ms"),
            ShareSessionTimeout = values.Int("share.session.timeout.ms"),
            ShareHeartbeatInterval = values.Int("share.heartbeat.interval.ms"),
            ShareAssignmentInterval = values.Int("share.assignment.interval.ms"),
            ShareRecordLockDuration = values.Int("share.record.lock.duration.ms"),
            ShareDeliveryCountLimit = values.Int("share.delivery.count.limit"),
            SharePartitionMaxRecordLocks = values.Int("share.partition.max.record.locks"),
            ShareOffsetReset = ShareOffsetReset.Of(values.Text("share.auto.offset.reset")),
            ShareReadsCommitted = values.Text("share.isolation.level") == "read_committed",
            ShareAllowsRenewal = values.Truth("share.renew.acknowledge.enable"),
            DeadLetterTopic = values.Text("errors.deadletterqueue.topic.name"),
            CopiesDeadLetters = values.Truth("errors.deadletterqueue.copy.record.enable"),
            ShareRetryDelay = values.Int("moldau.share.retry.delay.ms"),
            ShareLongestRetryDelay = values.Int("moldau.share.retry.delay.max.ms"),
            ShareKeepsKeyOrder = values.Text("moldau.share.order") == "key",
            StreamsSessionTimeout = values.Int("streams.session.timeout.ms"),
            StreamsHeartbeatInterval = values.Int("streams.heartbeat.interval.ms"),
            StreamsAssignmentInterval = values.Int("streams.assignment.interval.ms"),
            StreamsInitialRebalanceDelay = values.Int("streams.initial.rebalance.delay.ms"),
            StreamsStandbyReplicas = values.Int("streams.num.standby.replicas"),
        };
    }
}
