using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>
/// Deletes a topic: its name and settings at once, so that the name is free, and then the rest. A deletion that dies in
/// between is ended by <see cref="RemoveUnbornTopics"/>.
/// </summary>
public sealed class DeleteTopic(IMetadataStore store)
{
    private readonly CertainWrite _write = new(store);

    /// <summary>Takes the topic away from everybody's eyes. What is left of it goes by <see cref="TopicRemains.RemoveAsync"/>.</summary>
    /// <returns>The revision as of which it is gone; null where no topic of this name has this id.</returns>
    /// <exception cref="OutcomeUnknownException">Whether it was deleted cannot be found out.</exception>
    /// <exception cref="FactRefusedException">It was not deleted.</exception>
    public async Task<long?> RunAsync(string name, Uuid id)
    {
        var key = MetadataKeys.Topic(id);
        while (true)
        {
            if ((await store.GetAsync(MetadataKeys.TopicName(name)).ConfigureAwait(false)).Entry is not { } entry) return null;
            var named = RecordCodec.Decode<TopicNameRecord>(entry);
            if (named.Id != id) return null;

            // More than the name says where an addition of partitions is under way, or died.
            if ((await store.GetAsync(key).ConfigureAwait(false)).Entry is not { } topic) continue;
            var partitions = Math.Max(named.Partitions, RecordCodec.Decode<TopicRecord>(topic).Partitions);
            var transaction = new FactTransaction(
                [FactCondition.ModRevision(entry.Key, entry.ModRevision), FactCondition.ModRevision(key, topic.ModRevision)],
                [
                    FactOperation.Delete(entry.Key),
                    FactOperation.Delete(MetadataKeys.Config(ConfigResource.Topic(name))),
                    FactOperation.Put(key, RecordCodec.Encode(new TopicRecord(name, partitions, TopicState.Removing))),
                ]);
            var result = await _write.RunAsync(transaction, key, static seen => TopicRecords.StateOf(seen) is null or TopicState.Removing).ConfigureAwait(false);
            if (result.IsApplied) return result.Revision;
        }
    }
}
