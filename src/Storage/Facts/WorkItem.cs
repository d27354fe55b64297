namespace Moldau.Storage.Facts;

/// <summary>What waits for the writer: a transaction, a compaction, or the end.</summary>
internal sealed class WorkItem(FactTransaction? transaction, long compactTo)
{
    // Whoever waits goes on elsewhere: the writer has the next flush to make.
    private readonly TaskCompletionSource<FactOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FactTransaction? Transaction { get; } = transaction;

    public long CompactTo { get; } = compactTo;

    public bool IsClose => Transaction is null && CompactTo < 0;

    public Task<FactOutcome> Completion => _completion.Task;

    /// <summary>What is told once the flush has returned.</summary>
    public FactOutcome? Prepared { get; set; }

    /// <summary>It is among the bytes that are flushed.</summary>
    public bool IsWritten { get; set; }

    public void Complete(FactOutcome outcome) => _completion.TrySetResult(outcome);

    public void Refuse(Exception reason) => _completion.TrySetException(reason);
}
