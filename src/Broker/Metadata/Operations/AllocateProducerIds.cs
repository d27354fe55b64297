using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>Takes the next free block of producer ids. A block may get lost, and is then nobody's; none is given twice.</summary>
public sealed class AllocateProducerIds(IMetadataStore store, UuidSource ids)
{
    private readonly CertainWrite _write = new(store);

    /// <exception cref="OutcomeUnknownException">Whether a block was taken cannot be found out; it would be lost.</exception>
    /// <exception cref="FactRefusedException">No block was taken.</exception>
    public async Task<ProducerIdBlock> RunAsync(int node)
    {
        while (true)
        {
            var entry = (await store.GetAsync(MetadataKeys.ProducerIds).ConfigureAwait(false)).Entry;
            var first = entry is null ? 0 : RecordCodec.Decode<ProducerIdsRecord>(entry).Next;
            if (first > long.MaxValue - ProducerIdBlock.Size)
                throw new InvalidOperationException($"the next producer id is {first}: there are none left; no cluster comes here by itself, so look who changed '{MetadataKeys.ProducerIds}'");

            var claim = ids.Next();
            var transaction = new FactTransaction(
                [FactCondition.ModRevision(MetadataKeys.ProducerIds, entry?.ModRevision ?? 0)],
                [FactOperation.Put(MetadataKeys.ProducerIds, RecordCodec.Encode(new ProducerIdsRecord(first + ProducerIdBlock.Size, claim, node)))]);
            var result = await _write.RunAsync(
                transaction, MetadataKeys.ProducerIds, seen => seen is not null && RecordCodec.Decode<ProducerIdsRecord>(seen).Claim == claim).ConfigureAwait(false);
            if (result.IsApplied) return new ProducerIdBlock(first, ProducerIdBlock.Size);

            // Another was first. Where ours had stayed in doubt it may have been taken before that: such a block is left lying.
        }
    }
}
