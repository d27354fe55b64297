namespace Moldau.Storage.Compaction;

/// <summary>How a pass over a log ended. Only a pass to its end moves the checkpoint, but none loses anything.</summary>
public enum CleaningOutcome
{
    Compacted,

    /// <summary>Nothing in the log may be compacted that is not.</summary>
    NothingToDo,

    /// <summary>It was called off, or the log was truncated, shortened or closed meanwhile.</summary>
    Interrupted,

    /// <summary>Something in the log cannot be read: it is not compacted until the broker starts again.</summary>
    Damaged,

    /// <summary>The disk refused or failed: it is tried again later.</summary>
    DiskFailed,
}
