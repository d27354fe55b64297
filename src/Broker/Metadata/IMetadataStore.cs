using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata;

/// <summary>
/// Where the broker keeps what it must remember besides records: keys and values under one revision that grows by one with
/// each transaction that changes something. One node keeps them in a file, a cluster in etcd, so the face is what etcd can
/// do, its limits and doubts included:
/// <list type="bullet">
/// <item>a transaction has at most <see cref="FactTransaction.ListLimit"/> operations and
/// <see cref="FactTransaction.SizeLimit"/> bytes, or is refused;</item>
/// <item>its outcome may stay unknown, and it may then still be applied after a later read did not show it: only a
/// transaction whose conditions its own success breaks may be sent again;</item>
/// <item>old revisions are forgotten: whoever reads or watches from one may be told so, and reads anew.</item>
/// </list>
/// </summary>
public interface IMetadataStore : IAsyncDisposable
{
    /// <summary>One key. Without a revision the answer shows everything that was told as applied before the question.</summary>
    /// <exception cref="FactCompactedException">The revision is no longer kept.</exception>
    Task<MetadataRead> GetAsync(string key, long? revision = null);

    /// <summary>The keys that begin so, all as of one revision; without one given, as fresh as <see cref="GetAsync"/>.</summary>
    /// <exception cref="FactCompactedException">The revision is no longer kept.</exception>
    Task<MetadataRange> ListAsync(string prefix, long? revision = null);

    /// <summary>Applies all operations or none; the task ends when what is told is durable.</summary>
    /// <exception cref="FactRefusedException">It was not taken on: not applied now and not later.</exception>
    Task<FactOutcome> ApplyAsync(FactTransaction transaction);

    /// <summary>
    /// Changes after a revision, in order, each once and whole revisions at a time, until cancelled. An answer may hold no
    /// changes and only move the revision on.
    /// </summary>
    /// <exception cref="FactCompactedException">Changes not told yet are forgotten: read anew and watch from there.</exception>
    IAsyncEnumerable<FactChanges> WatchAsync(string prefix, long afterRevision, CancellationToken cancellation);

    /// <summary>Forgets the revisions below. One that does not come through is made up for by the next.</summary>
    Task CompactAsync(long revision);
}
