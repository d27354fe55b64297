namespace Moldau.Broker.Settings.Snapshots;

/// <summary>Transactions and idempotent producers; times are milliseconds.</summary>
public sealed record TransactionSettings
{
    public required InternalTopicSettings Topic { get; init; }

    public required int MaxTimeout { get; init; }

    public required int IdExpiration { get; init; }

    public required int IdExpirationInterval { get; init; }

    public required int LoadBufferBytes { get; init; }

    public required bool VerifiesPartitions { get; init; }

    public required int ProducerExpiration { get; init; }

    internal static TransactionSettings Of(SettingValues values) => new()
    {
        Topic = new InternalTopicSettings(
            values.Int("transaction.state.log.num.partitions"), values.Int("transaction.state.log.replication.factor"),
            values.Int("transaction.state.log.segment.bytes"), values.Int("transaction.state.log.min.isr")),
        MaxTimeout = values.Int("transaction.max.timeout.ms"),
        IdExpiration = values.Int("transactional.id.expiration.ms"),
        IdExpirationInterval = values.Int("transaction.remove.expired.transaction.cleanup.interval.ms"),
        LoadBufferBytes = values.Int("transaction.state.log.load.buffer.size"),
        VerifiesPartitions = values.Truth("transaction.partition.verification.enable"),
        ProducerExpiration = values.Int("producer.id.expiration.ms"),
    };
}
