namespace Moldau.Storage.Indexes;

/// <summary>A timestamp, and the offset of the record that was the first to have it.</summary>
public readonly record struct TimestampOffset(long Timestamp, long Offset);
