namespace Moldau.Storage.Logs;

/// <summary>An offset, and where the batch that begins with it lies or will lie.</summary>
internal readonly record struct LogMark(long Offset, LogSegment Segment, int Position);
