using Moldau.Protocol.Records;

namespace Moldau.Client.Consuming;

/// <summary>A record that was read. Its bytes are views of the answer it came in, and keep that in memory.</summary>
public readonly record struct ReceivedRecord(
    long Offset, long TimestampMs, bool IsLogAppendTime, ReadOnlyMemory<byte>? Key, ReadOnlyMemory<byte>? Value, RecordHeader[] Headers)
{
    public DateTimeOffset Timestamp => DateTimeOffset.FromUnixTimeMilliseconds(TimestampMs);
}
