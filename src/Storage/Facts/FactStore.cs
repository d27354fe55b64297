using Moldau.Storage.Facts.Journal;
using Moldau.Storage.Files;

namespace Moldau.Storage.Facts;

/// <summary>
/// What a broker must remember that is not a record: keys and values in one file, with one revision for all of them. Its
/// face is what etcd can do too. Applied means durable; reads come from any thread and see only what is durable.
/// <para>The folder belongs to one process at a time: whoever opens the data folder holds its lock.</para>
/// </summary>
public sealed class FactStore : IAsyncDisposable
{
    private readonly FactStoreOptions _options;
    private readonly FactWriter _writer;
    private readonly WorkQueue _queue;

    private FactStore(JournalFile journal, FactHistory history, FactOpening opening, FactStoreOptions options)
    {
        _options = options;
        Opening = opening;
        _writer = new FactWriter(journal, history, options);
        _queue = new WorkQueue(options.Run, _writer.Write);
    }

    /// <summary>What was found on the disk.</summary>
    public FactOpening Opening { get; }

    public long Revision => _writer.Published.Latest.Revision;

    /// <summary>The lowest revision that can be read, and watched from.</summary>
    public long LowestKept => _writer.Published.Lowest.Revision;

    /// <summary>Why nothing is written any more; null while all is well.</summary>
    public string? ReadOnlyReason => _writer.ReadOnlyReason;

    /// <exception cref="FactFileException">The file is damaged or of a newer format; it was not touched.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static FactStore Open(IFileSystem disk, string folder, Random chance, FactStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(disk);
        ArgumentNullException.ThrowIfNull(chance);
        var journal = JournalFile.Open(disk, folder, chance, out var history, out var opening);
        return new FactStore(journal, history, opening, options ?? new FactStoreOptions());
    }

    /// <summary>
    /// Makes a folder's store what an export holds, revisions and all, as one step. The store must not be open, and must
    /// not hold anything.
    /// </summary>
    public static void Import(IFileSystem disk, string folder, Random chance, FactExport export)
    {
        ArgumentNullException.ThrowIfNull(disk);
        ArgumentNullException.ThrowIfNull(chance);
        ArgumentNullException.ThrowIfNull(export);
        using var journal = JournalFile.Open(disk, folder, chance, out var history, out _);
        if (history.Latest.Revision != 0)
        {
            throw new FactRefusedException(FactRefusal.NotEmpty,
                $"{JournalFile.PathIn(folder)} is at revision {history.Latest.Revision}; an import needs a store that never held anything: import into another folder");
        }

        var imported = FactHistory.StartingAt(export.Revision, FactImage.Of(export.Entries));
        if (journal.Replace(imported) != WriteResult.Durable) throw journal.LastFault!;
    }

    /// <summary>Applies a transaction, or not; the task ends when that is durable.</summary>
    /// <exception cref="FactRefusedException">It was not taken on, and not applied.</exception>
    public Task<FactOutcome> ApplyAsync(FactTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        transaction.EnsureAcceptable();
        return _queue.Add(new WorkItem(transaction, 0));
    }

    /// <summary>Forgets the revisions below; those already forgotten are no fault.</summary>
    /// <exception cref="FactFutureRevisionException">There is no such revision yet.</exception>
    public Task<FactOutcome> CompactAsync(long revision)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(revision);
        return _queue.Add(new WorkItem(null, revision));
    }

    /// <summary>The store as it is now.</summary>
    public FactView Read() => new(_writer.Published.Latest);

    /// <summary>The store as it was.</summary>
    /// <exception cref="FactCompactedException">The revision is no longer kept.</exception>
    /// <exception cref="FactFutureRevisionException">There is no such revision yet.</exception>
    public FactView Read(long revision)
    {
        var history = HistoryFor(revision);
        return revision <= history.Latest.Revision ? new FactView(history.At(revision))
            : throw new FactFutureRevisionException(revision, history.Latest.Revision);
    }

    /// <summary>Changes to the keys that begin so, after a revision: read at one, then watch from it, and nothing is missed.</summary>
    public FactWatch Watch(string prefix, long afterRevision)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentOutOfRangeException.ThrowIfNegative(afterRevision);
        return new FactWatch(this, prefix, afterRevision);
    }

    /// <summary>Ends what was taken on, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _queue.Add(new WorkItem(null, -1)).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // Closed before.
        }
    }

    internal FactHistory HistoryFor(long revision)
    {
        if (_options.Faults?.Compacted?.Invoke(revision) is { } lowest) throw new FactCompactedException(revision, lowest);
        var history = _writer.Published;
        history.EnsureKept(revision);
        return history;
    }

    internal async Task WaitForMoreAsync(long position, CancellationToken cancellation)
    {
        while (true)
        {
            // Taken before the look, so that a change between the two is not missed.
            var changed = _writer.Changed;
            if (_writer.Published.Latest.Revision > position) return;
            ObjectDisposedException.ThrowIf(_writer.IsClosed, this);
            await changed.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }
}
