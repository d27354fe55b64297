using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>What is in the store of a topic that has no name: marked first, then removed, its own record last.</summary>
public sealed class TopicRemains(IMetadataStore store)
{
    private const int PartitionsOfBlock = 256;

    private readonly CertainWrite _write = new(store);

    /// <summary>Sees to it that a topic without its name will never get it.</summary>
    /// <returns>
    /// The state before: <see cref="TopicState.Creating"/> where the mark is from this very call, <see cref="TopicState.Created"/>
    /// where there is a name and so no mark, null where there is nothing.
    /// </returns>
    internal async Task<TopicState?> MarkAsync(Uuid topic)
    {
        var key = MetadataKeys.Topic(topic);
        while (true)
        {
            if ((await store.GetAsync(key).ConfigureAwait(false)).Entry is not { } entry) return null;
            var record = RecordCodec.Decode<TopicRecord>(entry);
            if (record.State != TopicState.Creating) return record.State;

            var mark = new FactTransaction(
                [FactCondition.ModRevision(key, entry.ModRevision)],
                [FactOperation.Put(key, RecordCodec.Encode(record with { State = TopicState.Removing }))]);
            var result = await _write.RunAsync(mark, key, static seen => TopicRecords.StateOf(seen) == TopicState.Removing).ConfigureAwait(false);
            if (result.IsApplied) return result.WasInDoubt ? TopicState.Removing : TopicState.Creating;
        }
    }

    /// <summary>Removes what a mark was set on; nothing where there is none. It may be run again, and by several.</summary>
    public async Task RemoveAsync(Uuid topic)
    {
        var key = MetadataKeys.Topic(topic);
        if ((await store.GetAsync(key).ConfigureAwait(false)).Entry is not { } entry) return;
        var record = RecordCodec.Decode<TopicRecord>(entry);
        if (record.State != TopicState.Removing) return;

        FactCondition[] marked = [FactCondition.ModRevision(key, entry.ModRevision)];
        for (var block = 0; block * (long)PartitionsOfBlock < record.Partitions; block++)
        {
            // Nothing tells that all of a block was deleted but the answer: what is in doubt is done again.
            var removal = new FactTransaction(marked, [FactOperation.DeletePrefix(MetadataKeys.PartitionBlock(topic, block))]);
            if (!(await _write.RunAsync(removal, key, static _ => false).ConfigureAwait(false)).IsApplied) return;
        }

        await _write.RunAsync(new FactTransaction(marked, [FactOperation.Delete(key)]), key, static seen => seen is null).ConfigureAwait(false);
    }
}
