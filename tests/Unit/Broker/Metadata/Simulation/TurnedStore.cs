using System.Runtime.CompilerServices;
using Moldau.Broker.Metadata;
using Moldau.Storage.Facts;

namespace Moldau.Unit.Broker.Metadata.Simulation;

/// <summary>
/// A store far away: others act before a question reaches it and before its answer is back, and now and then a transaction
/// is applied long after its outcome was told as unknown.
/// </summary>
internal sealed class TurnedStore(LocalMetadataStore store, Turns turns, Random chance, Action<string> note) : IMetadataStore
{
    public Task<MetadataRead> GetAsync(string key, long? revision = null) => AskAsync(() => store.GetAsync(key, revision));

    public Task<MetadataRange> ListAsync(string prefix, long? revision = null) => AskAsync(() => store.ListAsync(prefix, revision));

    public Task CompactAsync(long revision) => store.CompactAsync(revision);

    public Task<FactOutcome> ApplyAsync(FactTransaction transaction) => AskAsync(() =>
    {
        if (chance.Next(12) != 0) return store.ApplyAsync(transaction);
        _ = ApplyLateAsync(transaction);
        return Task.FromResult<FactOutcome>(new FactOutcome.Unknown("it is still on its way"));
    });

    public async IAsyncEnumerable<FactChanges> WatchAsync(string prefix, long afterRevision, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var watch = store.WatchAsync(prefix, afterRevision, cancellation).GetAsyncEnumerator(cancellation);
        var position = afterRevision;
        while (true)
        {
            await turns.NextAsync(() => store.Revision > position).ConfigureAwait(false);
            if (!await watch.MoveNextAsync().ConfigureAwait(false)) yield break;
            position = watch.Current.Through;
            note("watched");
            yield return watch.Current;
        }
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        await turns.NextAsync().ConfigureAwait(false);
        Task<T> answer;
        try
        {
            answer = ask();
        }
        catch (FactRefusedException refused)
        {
            answer = Task.FromException<T>(refused);
        }

        // A fault arrives later too: who died meanwhile never heard of it.
        await turns.NextAsync().ConfigureAwait(false);
        return await answer.ConfigureAwait(false);
    }

    private async Task ApplyLateAsync(FactTransaction transaction)
    {
        for (var turn = chance.Next(60); turn >= 0; turn--) await turns.NextAsync().ConfigureAwait(false);
        try
        {
            note($"late {(await store.ApplyAsync(transaction).ConfigureAwait(false)).GetType().Name}");
        }
        catch (FactRefusedException)
        {
            // Nobody waits for it.
        }
    }
}
