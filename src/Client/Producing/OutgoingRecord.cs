using Moldau.Protocol.Records;

namespace Moldau.Client.Producing;

/// <summary>A record to be written. Key and value are copied before the call that takes them returns.</summary>
public readonly record struct OutgoingRecord
{
    /// <summary>Null for a record without one.</summary>
    public RecordBytes Key { get; init; }

    /// <summary>Null for a tombstone: in a compacted topic it deletes its key.</summary>
    public RecordBytes Value { get; init; }

    public RecordHeader[]? Headers { get; init; }

    /// <summary>The time of now where it is null.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>By the key where it is null, and without a key wherever it suits.</summary>
    public int? Partition { get; init; }
}
