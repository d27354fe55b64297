using Moldau.Broker.Metadata;
using Moldau.Storage.Facts;

namespace Moldau.Unit.Broker.Metadata.Operations;

/// <summary>Lets another do something right before a key is read or a transaction is applied.</summary>
internal sealed class InterferingStore(IMetadataStore store, Action<string>? beforeGet = null, Func<FactTransaction, Task>? beforeApply = null) : IMetadataStore
{
    public Task<MetadataRead> GetAsync(string key, long? revision = null)
    {
        beforeGet?.Invoke(key);
        return store.GetAsync(key, revision);
    }

    public Task<MetadataRange> ListAsync(string prefix, long? revision = null) => store.ListAsync(prefix, revision);

    public async Task<FactOutcome> ApplyAsync(FactTransaction transaction)
    {
        if (beforeApply is not null) await beforeApply(transaction);
        return await store.ApplyAsync(transaction);
    }

    public IAsyncEnumerable<FactChanges> WatchAsync(string prefix, long afterRevision, CancellationToken cancellation) => store.WatchAsync(prefix, afterRevision, cancellation);

    public Task CompactAsync(long revision) => store.CompactAsync(revision);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
