namespace Moldau.Storage.Compaction;

/// <summary>What a pass found and left.</summary>
public sealed class PassCounts
{
    public long BytesMapped { get; internal set; }

    public long BytesRead { get; internal set; }

    public long BytesWritten { get; internal set; }

    public long RecordsRead { get; internal set; }

    public long RecordsKept { get; internal set; }

    /// <summary>Records without a key, which a compacted log cannot keep.</summary>
    public long KeylessDropped { get; internal set; }

    /// <summary>Batches whose transaction was aborted.</summary>
    public long AbortedDropped { get; internal set; }

    public long SegmentsRead { get; internal set; }

    public long SegmentsWritten { get; internal set; }
}
