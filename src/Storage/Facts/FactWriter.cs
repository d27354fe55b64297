using Moldau.Storage.Facts.Journal;
using Moldau.Storage.Files;

namespace Moldau.Storage.Facts;

/// <summary>
/// The store's one writer: takes a round of work, flushes it once, publishes what came of it, and tells. It runs on one
/// thread at a time; what it publishes is immutable.
/// </summary>
internal sealed class FactWriter(JournalFile journal, FactHistory history, FactStoreOptions options)
{
    private readonly ByteWriter _payload = new();
    private FactHistory _published = history;
    private TaskCompletionSource _changed = NewSignal();
    private string? _readOnlyReason;
    private bool _isClosed;
    private long _snapshotAt;

    public FactHistory Published => Volatile.Read(ref _published);

    public string? ReadOnlyReason => Volatile.Read(ref _readOnlyReason);

    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>Ends at the next change, or when the store closes.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    public void Write(List<WorkItem> round)
    {
        try
        {
            if (CanWrite(round)) WriteRound(round);
        }
        catch (Exception fault)
        {
            // A fault of our own, or of a seam: what reached the disk is not known, and those who wait must hear it.
            Volatile.Write(ref _readOnlyReason, $"the writer failed: {fault.Message}");
            foreach (var item in round) item.Complete(new FactOutcome.Unknown(fault.Message));
        }

        if (round.Exists(static item => item.IsClose)) Close(round[^1]);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool CanWrite(List<WorkItem> round)
    {
        if (_readOnlyReason is null) return true;
        Refuse(round, ReadOnlyRefusal());
        return false;
    }

    private void WriteRound(List<WorkItem> round)
    {
        ChangeRecords.Begin(_payload);
        var next = _published;
        foreach (var item in round)
        {
            if (item.Transaction is not null) next = Prepare(item, item.Transaction, next);
            else if (!item.IsClose) next = PrepareCompaction(item, next);
        }

        var result = ReferenceEquals(next, _published) ? WriteResult.Durable : journal.Append(_payload.Written);
        switch (result)
        {
            case WriteResult.Durable:
                if (!ReferenceEquals(next, _published)) Publish(next);
                foreach (var item in round)
                {
                    if (item.Prepared is not null) item.Complete(item.Prepared);
                }

                SnapshotWhenGrown();
                break;
            case WriteResult.NotWritten:
                Refuse(round, Refused());
                break;
            default:
                GoReadOnly();
                foreach (var item in round)
                {
                    if (item.IsWritten) item.Complete(new FactOutcome.Unknown(_readOnlyReason!));
                }

                Refuse(round, ReadOnlyRefusal());
                break;
        }
    }

    private FactHistory Prepare(WorkItem item, FactTransaction transaction, FactHistory current)
    {
        var injected = options.Faults?.Outcome?.Invoke(transaction) ?? InjectedOutcome.None;
        if (injected != InjectedOutcome.None) item.Prepared = new FactOutcome.Unknown("a test wants it so");
        if (injected == InjectedOutcome.UnknownLost) return current;

        if (current.Latest.Rejection(transaction) is { } rejected)
        {
            item.Prepared ??= rejected;
            return current;
        }

        var revision = current.Latest.After(transaction);
        item.Prepared ??= new FactOutcome.Applied(revision?.Revision ?? current.Latest.Revision);
        if (revision is null) return current;
        ChangeRecords.Add(_payload, revision);
        item.IsWritten = true;
        return current.With(revision);
    }

    private FactHistory PrepareCompaction(WorkItem item, FactHistory current)
    {
        if (item.CompactTo > current.Latest.Revision)
        {
            item.Refuse(new FactFutureRevisionException(item.CompactTo, current.Latest.Revision));
            return current;
        }

        item.Prepared = new FactOutcome.Applied(current.Latest.Revision);
        if (item.CompactTo <= current.Lowest.Revision) return current;
        ChangeRecords.AddCompaction(_payload, item.CompactTo);
        item.IsWritten = true;
        return current.CompactedTo(item.CompactTo);
    }

    private void SnapshotWhenGrown()
    {
        if (journal.Appended < Math.Max(_snapshotAt, Math.Max(options.SnapshotAfter, journal.SealedLength))) return;
        var kept = _published.CompactedTo(_published.Latest.Revision - options.KeptRevisions);
        var result = journal.Replace(kept);
        if (result == WriteResult.InDoubt) GoReadOnly();

        // One that failed is tried again when as much was appended once more: a full disk is not asked at every step.
        _snapshotAt = result == WriteResult.NotWritten ? journal.Appended * 2 : 0;
        if (result == WriteResult.Durable && !ReferenceEquals(kept, _published)) Publish(kept);
    }

    private void Publish(FactHistory next)
    {
        Volatile.Write(ref _published, next);
        Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
    }

    private void Close(WorkItem item)
    {
        Volatile.Write(ref _isClosed, true);
        journal.Dispose();
        Volatile.Read(ref _changed).TrySetResult();
        item.Complete(new FactOutcome.Applied(_published.Latest.Revision));
    }

    private void GoReadOnly() => Volatile.Write(ref _readOnlyReason,
        $"the disk failed while changes were made durable ({journal.LastFault!.Message}); what is on it is known only when the store is opened anew");

    private FactRefusedException Refused()
    {
        var fault = journal.LastFault!;
        return fault.Fault == DiskFault.Full
            ? new FactRefusedException(FactRefusal.DiskFull, $"the disk is full ({fault.Message}); nothing was changed: make room and try again", fault)
            : new FactRefusedException(FactRefusal.DiskFailed, $"the disk refused the write ({fault.Message}); nothing was changed", fault);
    }

    private FactRefusedException ReadOnlyRefusal() =>
        new(FactRefusal.ReadOnly, $"the store is read-only: {_readOnlyReason}", journal.LastFault);

    private static void Refuse(List<WorkItem> round, Exception reason)
    {
        foreach (var item in round)
        {
            if (!item.IsClose) item.Refuse(reason);
        }
    }
}
