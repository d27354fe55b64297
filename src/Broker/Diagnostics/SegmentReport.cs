namespace Moldau.Broker.Diagnostics;

/// <summary>A segment of a partition's log.</summary>
/// <param name="BaseOffset">Its first offset, and the name of its files.</param>
/// <param name="Bytes">Of its batches.</param>
/// <param name="MaxTimestamp">-1 where no record has one.</param>
/// <param name="State">"active" for the one that is written to, "sealed" for the others.</param>
public sealed record SegmentReport(long BaseOffset, long Bytes, long MaxTimestamp, string State);
