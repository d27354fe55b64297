namespace Moldau.Storage.Logs;

/// <summary>
/// A recovery point in the making: once the log's bytes below it and these files are on disk, nothing below it needs to be
/// looked at after a crash.
/// </summary>
/// <param name="Offset">The point.</param>
/// <param name="Paths">Indexes and the producers' snapshot, written and not flushed.</param>
/// <param name="Closed">Segments whose indexes are whole in these files.</param>
/// <param name="AppendedBytes">How much the log had taken since it was opened.</param>
internal sealed record LogCheckpoint(long Offset, IReadOnlyList<string> Paths, IReadOnlyList<LogSegment> Closed, long AppendedBytes)
{
    /// <summary>
    /// What is left of it where the log is cut before it is flushed: no point, but the files of what stays are written, and
    /// nobody writes them again.
    /// </summary>
    public LogCheckpoint OfPathsOnly() => this with { Offset = LogFlushing.NoPoint, Closed = [] };

    /// <summary>This one, together with the files of an earlier one that nobody has flushed.</summary>
    public LogCheckpoint After(LogCheckpoint? earlier)
    {
        if (earlier is null) return this;
        var paths = new List<string>(earlier.Paths);
        foreach (var path in Paths)
        {
            if (!paths.Contains(path)) paths.Add(path);
        }

        return this with { Paths = paths, Closed = [.. earlier.Closed, .. Closed] };
    }
}
