using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>Changes a partition's record, from exactly the state the proposal was made for.</summary>
public sealed class ChangePartition(IMetadataStore store)
{
    private readonly CertainWrite _write = new(store);

    /// <param name="topic">The topic.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="from">What the proposal was made for.</param>
    /// <param name="proposal">What it is to be; its partition epoch is set here.</param>
    /// <exception cref="OutcomeUnknownException">Which of the two it is cannot be found out.</exception>
    /// <exception cref="FactRefusedException">It was not changed.</exception>
    public async Task<PartitionChange> RunAsync(Uuid topic, int partition, Stored<PartitionRecord> from, PartitionRecord proposal)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(proposal);
        if (proposal.LeaderEpoch < from.Record.LeaderEpoch)
            throw new ArgumentException($"the leader epoch would go back from {from.Record.LeaderEpoch} to {proposal.LeaderEpoch}", nameof(proposal));

        var key = MetadataKeys.Partition(topic, partition);
        var next = proposal with { PartitionEpoch = from.Record.PartitionEpoch + 1 };
        var value = RecordCodec.Encode(next);
        var transaction = new FactTransaction([FactCondition.ModRevision(key, from.Revision)], [FactOperation.Put(key, value)]);

        // Another may have proposed the very same: then it does not matter whose it was.
        var result = await _write.RunAsync(transaction, key, seen => seen is not null && seen.ModRevision > from.Revision && seen.Value.Span.SequenceEqual(value)).ConfigureAwait(false);
        if (result is { IsApplied: true, WasInDoubt: false }) return new PartitionChange.Changed(new Stored<PartitionRecord>(next, result.Revision));

        var current = (await store.GetAsync(key).ConfigureAwait(false)).Entry;
        if (result.IsApplied && current is not null && current.Value.Span.SequenceEqual(value)) return new PartitionChange.Changed(RecordCodec.Stored<PartitionRecord>(current));
        return new PartitionChange.Overtaken(current is null ? null : RecordCodec.Stored<PartitionRecord>(current));
    }
}
