using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>
/// Gives a topic more partitions: first its record says how many there may be, so that a removal finds them all; then the
/// partitions, unseen; last the name, with the new number. Every step compares the name's revision, which the last one
/// moves: what dies before that leaves nothing that counts, and the next call writes over it.
/// </summary>
public sealed class AddPartitions(IMetadataStore store)
{
    private readonly CertainWrite _write = new(store);

    /// <param name="name">The topic's.</param>
    /// <param name="id">Its id: another topic may have the name by now.</param>
    /// <param name="from">How many partitions the caller has seen.</param>
    /// <param name="added">Those that follow them.</param>
    /// <returns>The revision as of which they are there; null where the topic is gone, or has another number of partitions.</returns>
    /// <exception cref="OutcomeUnknownException">Whether they are there cannot be found out.</exception>
    /// <exception cref="FactRefusedException">They are not.</exception>
    public async Task<long?> RunAsync(string name, Uuid id, int from, IReadOnlyList<PartitionRecord> added)
    {
        ArgumentNullException.ThrowIfNull(added);
        var (nameKey, topicKey) = (MetadataKeys.TopicName(name), MetadataKeys.Topic(id));
        if ((await store.GetAsync(nameKey).ConfigureAwait(false)).Entry is not { } entry) return null;
        var named = RecordCodec.Decode<TopicNameRecord>(entry);
        if (named.Id != id || named.Partitions != from) return null;
        var unchanged = FactCondition.ModRevision(nameKey, entry.ModRevision);
        var count = from + added.Count;
        if (!await AnnounceAsync(topicKey, unchanged, count).ConfigureAwait(false)) return null;

        var partitions = added.Select((partition, index) => FactOperation.Put(MetadataKeys.Partition(id, from + index), RecordCodec.Encode(partition)));
        foreach (var piece in OperationBatches.Cut(partitions))
        {
            var written = await _write.RunAsync(
                new FactTransaction([unchanged], piece), piece[0].Key, seen => seen is not null && seen.Value.Span.SequenceEqual(piece[0].Value.Span)).ConfigureAwait(false);
            if (!written.IsApplied) return null;
        }

        var commit = new FactTransaction([unchanged], [FactOperation.Put(nameKey, RecordCodec.Encode(named with { Partitions = count }))]);
        var result = await _write.RunAsync(
            commit, nameKey, seen => seen is not null && seen.ModRevision != entry.ModRevision && RecordCodec.Decode<TopicNameRecord>(seen) is var now && now.Id == id && now.Partitions >= count).ConfigureAwait(false);
        return result.IsApplied ? result.Revision : null;
    }

    private async Task<bool> AnnounceAsync(string topicKey, FactCondition unchanged, int count)
    {
        while (true)
        {
            if ((await store.GetAsync(topicKey).ConfigureAwait(false)).Entry is not { } entry) return false;
            var record = RecordCodec.Decode<TopicRecord>(entry);
            if (record.State != TopicState.Created) return false;
            if (record.Partitions >= count) return true;
            var announce = new FactTransaction(
                [unchanged, FactCondition.ModRevision(topicKey, entry.ModRevision)],
                [FactOperation.Put(topicKey, RecordCodec.Encode(record with { Partitions = count }))]);
            var result = await _write.RunAsync(
                announce, topicKey, seen => seen is not null && RecordCodec.Decode<TopicRecord>(seen).Partitions >= count).ConfigureAwait(false);
            if (result.IsApplied) return true;
            var name = (await store.GetAsync(unchanged.Key).ConfigureAwait(false)).Entry;
            if (name?.ModRevision != unchanged.Revision) return false;
        }
    }
}
