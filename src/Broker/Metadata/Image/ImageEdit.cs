using System.Collections.Immutable;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata.Image;

/// <summary>Takes changes into what will be the next image, in their order.</summary>
internal sealed class ImageEdit
{
    private readonly TouchedKeys? _touched;
    private readonly ImmutableDictionary<string, Stored<TopicNameRecord>>.Builder _topics;
    private readonly ImmutableDictionary<Uuid, string>.Builder _names;
    private readonly Dictionary<Uuid, PartitionTableEdit> _partitions = [];
    private ImageContent _content;

    /// <param name="before">The image they follow.</param>
    /// <param name="touched">Takes down where something changed; null where nobody asks.</param>
    public ImageEdit(ImageContent before, TouchedKeys? touched)
    {
        _touched = touched;
        _topics = before.Topics.ToBuilder();
        _names = before.Names.ToBuilder();
        _content = before;
    }

    /// <param name="text">The key.</param>
    /// <param name="revision">That changed it.</param>
    /// <param name="entry">What it is; null where it was deleted.</param>
    /// <exception cref="MetadataRecordException">It cannot be read.</exception>
    public void Apply(string text, long revision, FactEntry? entry)
    {
        var key = new MetadataKey(text, revision);
        var kind = key.Kind();
        _touched?.Kinds.Add(kind);
        switch (kind)
        {
            case MetadataKind.Partition:
                SetPartition(key.Partition(), entry);
                break;
            case MetadataKind.TopicName:
                SetTopic(key.TopicName(), entry);
                break;
            case MetadataKind.Config:
                SetConfig(key.Config(), entry);
                break;
            case MetadataKind.Topic or MetadataKind.ProducerIds or MetadataKind.UncleanStart or MetadataKind.LatestAddition:
                // For those who change something; nobody reads them on the way of a request.
                break;
            default:
                SetOther(kind, key, entry);
                break;
        }
    }

    public ImageContent Finish()
    {
        var partitions = _content.Partitions;
        if (_partitions.Count > 0)
        {
            var tables = partitions.ToBuilder();
            foreach (var (topic, edit) in _partitions)
            {
                var table = edit.Finish();
                if (table.IsEmpty) tables.Remove(topic);
                else tables[topic] = table;
            }

            partitions = tables.ToImmutable();
        }

        return _content with { Topics = _topics.ToImmutable(), Names = _names.ToImmutable(), Partitions = partitions };
    }

    private void SetPartition((Uuid Topic, int Number) partition, FactEntry? entry)
    {
        _touched?.Partitions.Add(partition);
        if (!_partitions.TryGetValue(partition.Topic, out var edit))
            _partitions.Add(partition.Topic, edit = (_content.Partitions.GetValueOrDefault(partition.Topic) ?? PartitionTable.Empty).Edit());
        edit.Set(partition.Number, entry is null ? null : RecordCodec.Stored<PartitionRecord>(entry));
    }

    private void SetTopic(string name, FactEntry? entry)
    {
        if (_topics.TryGetValue(name, out var old))
        {
            _touched?.Topics.Add(old.Record.Id);
            _names.Remove(old.Record.Id);
        }

        if (entry is null)
        {
            _topics.Remove(name);
            return;
        }

        var topic = RecordCodec.Stored<TopicNameRecord>(entry);
        _touched?.Topics.Add(topic.Record.Id);
        _topics[name] = topic;
        _names[topic.Record.Id] = name;
    }

    private void SetConfig(ConfigResource resource, FactEntry? entry)
    {
        _touched?.Configs.Add(resource);
        _content = _content with { Configs = Set(_content.Configs, resource, entry) };
    }

    private void SetOther(MetadataKind kind, MetadataKey key, FactEntry? entry) => _content = kind switch
    {
        MetadataKind.Cluster => _content with { Cluster = entry is null ? null : RecordCodec.Stored<ClusterRecord>(entry) },
        MetadataKind.Features => _content with { Features = entry is null ? null : RecordCodec.Stored<FeaturesRecord>(entry) },
        MetadataKind.Node => _content with { Nodes = Set(_content.Nodes, key.Node(), entry) },
        MetadataKind.Credential => _content with { Credentials = Set(_content.Credentials, key.Credential(), entry) },
        MetadataKind.DelegationToken => _content with { DelegationTokens = Set(_content.DelegationTokens, key.DelegationToken(), entry) },
        MetadataKind.Acl => _content with { Acls = Set(_content.Acls, key.Acl(), entry) },
        MetadataKind.Quota => _content with { Quotas = Set(_content.Quotas, key.Quota(), entry) },
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "it has a place of its own"),
    };

    private static ImmutableDictionary<TKey, Stored<T>> Set<TKey, T>(ImmutableDictionary<TKey, Stored<T>> all, TKey key, FactEntry? entry)
        where TKey : notnull
        where T : class, IMetadataRecord =>
        entry is null ? all.Remove(key) : all.SetItem(key, RecordCodec.Stored<T>(entry));
}
