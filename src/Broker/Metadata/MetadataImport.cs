using Moldau.Broker.Metadata.Operations;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata;

/// <summary>
/// Puts what an export holds into any store, which is the way from one node's file into etcd. Restartable: the cluster's
/// record goes last, and until it is there nobody takes the store for whole. Revisions are the new store's own; nodes are
/// left out, since their epochs are revisions and they register anew.
/// </summary>
public sealed class MetadataImport(IMetadataStore store)
{
    private readonly CertainWrite _write = new(store);

    /// <exception cref="FactRefusedException">The store holds something that is not of this export.</exception>
    /// <exception cref="OutcomeUnknownException">How far it came cannot be found out: run it again.</exception>
    public async Task RunAsync(FactExport export)
    {
        ArgumentNullException.ThrowIfNull(export);
        var wanted = new Dictionary<string, FactEntry>(StringComparer.Ordinal);
        foreach (var entry in export.Entries)
        {
            if (!entry.Key.StartsWith(MetadataKeys.Nodes, StringComparison.Ordinal)) wanted.Add(entry.Key, entry);
        }

        if (!wanted.Remove(MetadataKeys.Cluster, out var cluster))
            throw new FactRefusedException(FactRefusal.InvalidKey, $"the export of revision {export.Revision} has no '{MetadataKeys.Cluster}': it is not the metadata of a cluster");

        var there = await store.ListAsync("").ConfigureAwait(false);
        var isDone = false;
        foreach (var entry in there.Entries)
        {
            var isCluster = entry.Key == MetadataKeys.Cluster;
            var expected = isCluster ? cluster : wanted.GetValueOrDefault(entry.Key);
            if (expected is null || !entry.Value.Span.SequenceEqual(expected.Value.Span)) throw Foreign(entry.Key);
            isDone |= isCluster;
            wanted.Remove(entry.Key);
        }

        if (isDone)
        {
            if (wanted.Count > 0) throw Foreign(MetadataKeys.Cluster);
            return;
        }

        foreach (var piece in OperationBatches.Cut(wanted.Values.Select(Put))) await PutAsync(piece).ConfigureAwait(false);
        await PutAsync([Put(cluster)]).ConfigureAwait(false);
    }

    private static FactOperation Put(FactEntry entry) => FactOperation.Put(entry.Key, entry.Value.Span);

    private async Task PutAsync(List<FactOperation> piece)
    {
        var first = piece[0];
        List<FactCondition> conditions = [.. piece.Select(static operation => FactCondition.Missing(operation.Key))];

        // None that is applied late may undo what was done to the cluster since.
        if (first.Key != MetadataKeys.Cluster) conditions.Add(FactCondition.Missing(MetadataKeys.Cluster));
        var transaction = new FactTransaction(conditions, piece);
        var result = await _write.RunAsync(transaction, first.Key, entry => entry is not null && entry.Value.Span.SequenceEqual(first.Value.Span)).ConfigureAwait(false);
        if (!result.IsApplied) throw Foreign(first.Key);
    }

    private static FactRefusedException Foreign(string key) =>
        new(FactRefusal.NotEmpty, $"the store holds '{key}', and not from this export; an import needs a store that holds nothing: import into another one");
}
