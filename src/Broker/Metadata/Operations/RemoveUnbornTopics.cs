using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>
/// Removes what topics without a name have left: of creations that died, and of deletions that did. It is run at a start,
/// before anything is created: a creation that is under way elsewhere is cut short by it, though never half.
/// </summary>
public sealed class RemoveUnbornTopics(IMetadataStore store)
{
    private readonly TopicRemains _remains = new(store);

    /// <returns>How many topics there was something of.</returns>
    public async Task<int> RunAsync()
    {
        var removed = 0;
        foreach (var entry in (await store.ListAsync(MetadataKeys.Topics).ConfigureAwait(false)).Entries)
        {
            if (RecordCodec.Decode<TopicRecord>(entry).State == TopicState.Created) continue;
            var topic = new MetadataKey(entry.Key, entry.ModRevision).Topic();
            if (await _remains.MarkAsync(topic).ConfigureAwait(false) is null or TopicState.Created) continue;
            await _remains.RemoveAsync(topic).ConfigureAwait(false);
            removed++;
        }

        return removed;
    }
}
