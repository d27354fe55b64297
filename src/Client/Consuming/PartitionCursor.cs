namespace Moldau.Client.Consuming;

/// <summary>How far one partition was read.</summary>
internal sealed class PartitionCursor(TopicPartition where, long next, long end)
{
    public TopicPartition Where { get; } = where;

    /// <summary>The offset to read from.</summary>
    public long Next { get; set; } = next;

    /// <summary>Where reading ends.</summary>
    public long End { get; } = end;

    public bool IsDone => Next >= End;
}
