using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>
/// Raises the leader epoch of every partition that a node leads, after a start that found no mark of a clean stop: what its
/// logs have lost may have been seen in the old epoch. It is run before anything is appended.
/// <para>A record says that it has begun and goes when it is done, so that a raise that was interrupted is begun again by the
/// next start, whichever way that one came about. Each partition is then raised at least once more.</para>
/// </summary>
public sealed class RaiseLeaderEpochs(IMetadataStore store)
{
    private const int InFlight = 16;

    // Each round takes what the one before did not get; the store has to fail at one partition so many times.
    private const int RoundLimit = 20;

    private readonly CertainWrite _write = new(store);

    /// <param name="node">The node that has started.</param>
    /// <param name="isUnclean">Whether it found no mark of a clean stop.</param>
    /// <returns>How many partitions were raised.</returns>
    /// <exception cref="OutcomeUnknownException">Not all of them could be; nothing may be appended.</exception>
    /// <exception cref="FactRefusedException">The store takes nothing on; nothing may be appended.</exception>
    public async Task<int> RunAsync(int node, bool isUnclean)
    {
        var key = MetadataKeys.UncleanStart(node);
        var mark = (await store.GetAsync(key).ConfigureAwait(false)).Entry;
        if (mark is null)
        {
            if (!isUnclean) return 0;
            var begin = new FactTransaction([FactCondition.Missing(key)], [FactOperation.Put(key, RecordCodec.Encode(new UncleanStartRecord()))]);
            await _write.RunAsync(begin, key, static entry => entry is not null).ConfigureAwait(false);
        }

        var raised = await RaiseAsync(node).ConfigureAwait(false);
        mark = (await store.GetAsync(key).ConfigureAwait(false)).Entry;
        if (mark is null) return raised;
        var end = new FactTransaction([FactCondition.ModRevision(key, mark.ModRevision)], [FactOperation.Delete(key)]);
        await _write.RunAsync(end, key, static entry => entry is null).ConfigureAwait(false);
        return raised;
    }

    private async Task<int> RaiseAsync(int node)
    {
        // The epochs that must not be seen again. Raised means above them, whoever did it and how often.
        Dictionary<string, int>? old = null;
        for (var round = 0; round < RoundLimit; round++)
        {
            var led = await LedByAsync(node).ConfigureAwait(false);
            old ??= led.ToDictionary(static partition => partition.Key, static partition => partition.State.Record.LeaderEpoch, StringComparer.Ordinal);
            led.RemoveAll(partition => !old.TryGetValue(partition.Key, out var epoch) || partition.State.Record.LeaderEpoch > epoch);
            if (led.Count == 0) return old.Count;
            foreach (var batches in led.Chunk(FactTransaction.ListLimit).Chunk(InFlight))
                await Task.WhenAll(batches.Select(batch => store.ApplyAsync(Raised(batch)))).ConfigureAwait(false);
        }

        throw new OutcomeUnknownException($"the leader epochs of node {node} could not all be raised in {RoundLimit} rounds: nothing may be appended; see that the metadata store answers, and start again");
    }

    private async Task<List<(string Key, Stored<PartitionRecord> State)>> LedByAsync(int node)
    {
        var led = new List<(string Key, Stored<PartitionRecord> State)>();
        foreach (var entry in (await store.ListAsync(MetadataKeys.Partitions).ConfigureAwait(false)).Entries)
        {
            var state = RecordCodec.Stored<PartitionRecord>(entry);
            if (state.Record.Leader == node) led.Add((entry.Key, state));
        }

        return led;
    }

    private static FactTransaction Raised((string Key, Stored<PartitionRecord> State)[] batch)
    {
        var (conditions, operations) = (new FactCondition[batch.Length], new FactOperation[batch.Length]);
        for (var i = 0; i < batch.Length; i++)
        {
            var (key, state) = batch[i];
            var record = state.Record with { LeaderEpoch = state.Record.LeaderEpoch + 1, PartitionEpoch = state.Record.PartitionEpoch + 1 };
            (conditions[i], operations[i]) = (FactCondition.ModRevision(key, state.Revision), FactOperation.Put(key, RecordCodec.Encode(record)));
        }

        return new FactTransaction(conditions, operations);
    }
}
