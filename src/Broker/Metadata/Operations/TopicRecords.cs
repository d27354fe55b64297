using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>The records a new topic begins with.</summary>
internal static class TopicRecords
{
    /// <summary>What makes it visible: its name, and what belongs to the name.</summary>
    public static IEnumerable<FactOperation> Birth(NewTopic topic)
    {
        yield return Topic(topic, TopicState.Created);
        yield return FactOperation.Put(MetadataKeys.TopicName(topic.Name), RecordCodec.Encode(new TopicNameRecord(topic.Id, topic.Partitions.Count)));
        if (topic.Configs.Count == 0) yield break;
        yield return FactOperation.Put(MetadataKeys.Config(ConfigResource.Topic(topic.Name)), RecordCodec.Encode(new ConfigRecord(topic.Configs)));
    }

    public static FactOperation Topic(NewTopic topic, TopicState state) =>
        FactOperation.Put(MetadataKeys.Topic(topic.Id), RecordCodec.Encode(new TopicRecord(topic.Name, topic.Partitions.Count, state)));

    public static IEnumerable<FactOperation> Partitions(NewTopic topic) =>
        topic.Partitions.Select((partition, index) => FactOperation.Put(MetadataKeys.Partition(topic.Id, index), RecordCodec.Encode(partition)));

    public static TopicState? StateOf(FactEntry? entry) => entry is null ? null : RecordCodec.Decode<TopicRecord>(entry).State;

    /// <summary>Whether the name is had already: by this very topic, or by another.</summary>
    public static async Task<TopicCreation?> HolderAsync(IMetadataStore store, NewTopic topic)
    {
        var there = await store.GetAsync(MetadataKeys.TopicName(topic.Name)).ConfigureAwait(false);
        if (there.Entry is not { } entry) return null;
        var holder = RecordCodec.Decode<TopicNameRecord>(entry).Id;
        return holder == topic.Id ? new TopicCreation.Created(there.Revision) : new TopicCreation.NameTaken(holder);
    }
}
