namespace Moldau.Storage.Logs;

/// <summary>What a read of a log gave. Dispose the slice.</summary>
/// <param name="Outcome">Whether there is a slice.</param>
/// <param name="Slice">From the batch that holds the offset on, or the next one where compaction has removed that.</param>
public readonly record struct LogRead(LogReadOutcome Outcome, LogSlice Slice = default)
{
    public static LogRead Nothing => default;
}
