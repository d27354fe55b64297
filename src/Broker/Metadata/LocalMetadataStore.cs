using System.Runtime.CompilerServices;
using Moldau.Storage.Facts;
using Moldau.Storage.Files;

namespace Moldau.Broker.Metadata;

/// <summary>The store of a single node: a file in its data folder. Nothing above knows that it is one.</summary>
public sealed class LocalMetadataStore : IMetadataStore
{
    // A watcher that was away gets its changes in pieces: none holds much memory, and each is published once.
    private const int ChangesAtOnce = 4096;

    private readonly FactStore _facts;

    private LocalMetadataStore(FactStore facts) => _facts = facts;

    /// <summary>What was found on the disk.</summary>
    public FactOpening Opening => _facts.Opening;

    public long Revision => _facts.Revision;

    /// <summary>The lowest revision that can be read, and watched from.</summary>
    public long LowestKept => _facts.LowestKept;

    /// <summary>Why nothing is written any more; null while all is well.</summary>
    public string? ReadOnlyReason => _facts.ReadOnlyReason;

    /// <exception cref="FactFileException">The file is damaged or of a newer format; it was not touched.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static LocalMetadataStore Open(IFileSystem disk, string folder, Random chance, FactStoreOptions? options = null) =>
        new(FactStore.Open(disk, folder, chance, options));

    /// <summary>
    /// Makes a folder's store what an export holds, revisions included, as one step. The store must not be open, and must
    /// not hold anything. Into other stores <see cref="MetadataImport"/> leads.
    /// </summary>
    public static void Import(IFileSystem disk, string folder, Random chance, FactExport export) => FactStore.Import(disk, folder, chance, export);

    public Task<MetadataRead> GetAsync(string key, long? revision = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        return ReadAsync(revision, view => new MetadataRead(view.Revision, view.Find(key)));
    }

    public Task<MetadataRange> ListAsync(string prefix, long? revision = null)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return ReadAsync(revision, view => new MetadataRange(view.Revision, view.List(prefix)));
    }

    public Task<FactOutcome> ApplyAsync(FactTransaction transaction) => _facts.ApplyAsync(transaction);

    public async IAsyncEnumerable<FactChanges> WatchAsync(string prefix, long afterRevision, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var watch = _facts.Watch(prefix, afterRevision);
        while (true)
        {
            // Who is far behind never waits.
            cancellation.ThrowIfCancellationRequested();
            await watch.WaitAsync(cancellation).ConfigureAwait(false);
            yield return watch.Read(ChangesAtOnce);
        }
    }

    public Task CompactAsync(long revision) => _facts.CompactAsync(revision);

    public ValueTask DisposeAsync() => _facts.DisposeAsync();

    // Faults are told through the task, as a store does that has to ask others.
    private Task<T> ReadAsync<T>(long? revision, Func<FactView, T> read)
    {
        try
        {
            return Task.FromResult(read(revision is { } old ? _facts.Read(old) : _facts.Read()));
        }
        catch (Exception fault) when (fault is FactCompactedException or FactFutureRevisionException)
        {
            return Task.FromException<T>(fault);
        }
    }
}
