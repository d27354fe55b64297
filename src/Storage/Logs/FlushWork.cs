namespace Moldau.Storage.Logs;

/// <summary>What one round of the flusher does for one log.</summary>
internal readonly record struct FlushWork(
    PartitionLog Log, LogMark Tail, List<LogSegment> Dirty, bool FolderIsDirty, LogCheckpoint? Checkpoint, int Generation);
