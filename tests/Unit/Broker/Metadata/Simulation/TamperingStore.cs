using Moldau.Broker.Metadata;
using Moldau.Storage.Facts;

namespace Moldau.Unit.Broker.Metadata.Simulation;

/// <summary>Breaks kept as tests: what a careless operation would have sent, or made of an answer, put in between.</summary>
/// <param name="store">The store.</param>
/// <param name="send">The transaction that is sent instead; null for none, and it is told as applied.</param>
/// <param name="answer">What is made of the answer.</param>
internal sealed class TamperingStore(
    IMetadataStore store,
    Func<FactTransaction, FactTransaction?>? send = null,
    Func<FactTransaction, FactOutcome, Task<FactOutcome>>? answer = null) : IMetadataStore
{
    public bool ForgetsCompactions { get; init; }

    public static bool Touches(FactTransaction transaction, string prefix) =>
        transaction.Operations.Any(operation => operation.Key.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The same without its conditions on some keys.</summary>
    public static FactTransaction Without(FactTransaction transaction, string prefix) =>
        new([.. transaction.Conditions.Where(condition => !condition.Key.StartsWith(prefix, StringComparison.Ordinal))], transaction.Operations);

    public Task<MetadataRead> GetAsync(string key, long? revision = null) => store.GetAsync(key, revision);

    public Task<MetadataRange> ListAsync(string prefix, long? revision = null) => store.ListAsync(prefix, revision);

    public Task CompactAsync(long revision) => store.CompactAsync(revision);

    public async Task<FactOutcome> ApplyAsync(FactTransaction transaction)
    {
        var sent = send is null ? transaction : send(transaction);
        if (sent is null) return new FactOutcome.Applied((await store.GetAsync(MetadataKeys.Cluster).ConfigureAwait(false)).Revision);
        var outcome = await store.ApplyAsync(sent).ConfigureAwait(false);
        return answer is null ? outcome : await answer(sent, outcome).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<FactChanges> WatchAsync(
        string prefix, long afterRevision, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var position = afterRevision;
        while (true)
        {
            await using var watch = store.WatchAsync(prefix, position, cancellation).GetAsyncEnumerator(cancellation);
            while (true)
            {
                try
                {
                    if (!await watch.MoveNextAsync().ConfigureAwait(false)) yield break;
                }
                catch (FactCompactedException compacted) when (ForgetsCompactions)
                {
                    position = compacted.LowestKept;
                    break;
                }

                yield return watch.Current;
            }
        }
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
