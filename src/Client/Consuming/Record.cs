namespace Moldau.Client.Consuming;

/// <summary>A record that was read. Everything but its <see cref="Headers"/> may be kept.</summary>
/// <typeparam name="TKey">What its key was read as.</typeparam>
/// <typeparam name="TValue">What its value was read as.</typeparam>
public readonly struct Record<TKey, TValue>
{
    public required TopicPartition Where { get; init; }

    public string Topic => Where.Topic;

    public int Partition => Where.Partition;

    public required long Offset { get; init; }

    /// <summary>The default where it has none.</summary>
    public required TKey? Key { get; init; }

    /// <summary>The default where it has none: a tombstone.</summary>
    public required TValue? Value { get; init; }

    public bool HasKey { get; init; }

    /// <summary>Whether it has no value: it says that what had this key is deleted.</summary>
    public bool IsTombstone { get; init; }

    /// <summary>Milliseconds since 1970; -1 where it has none.</summary>
    public long TimestampMs { get; init; }

    public TimestampType TimestampType { get; init; }

    public DateTimeOffset Timestamp => DateTimeOffset.FromUnixTimeMilliseconds(TimestampMs);

    /// <summary>The epoch of the leader that wrote it; -1 where it is not known.</summary>
    public int LeaderEpoch { get; init; }

    /// <summary>Valid until the next record or batch is asked for.</summary>
    public Headers Headers { get; init; }

    public override string ToString() => $"{Where}@{Offset}";
}
