using System.Collections.Concurrent;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Partitions;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Sharing;

/// <summary>The share-partitions that this broker leads, from their first fetch on.</summary>
internal sealed class SharePartitions
{
    private readonly ConcurrentDictionary<ShareKey, SharePartition> _partitions = new();
    private readonly ConcurrentDictionary<string, ShareStateWriter> _writers = new(StringComparer.Ordinal);
    private readonly SharingParts _parts;

    public SharePartitions(SharingParts parts)
    {
        _parts = parts;
        parts.Metadata.Subscribe(update => Forget(update.TopicsDeleted));
    }

    public SharingParts Parts => _parts;

    public int Count => _partitions.Count;

    /// <summary>Null where nobody has fetched from it.</summary>
    public SharePartition? Find(ShareKey key) => _partitions.GetValueOrDefault(key);

    public SharePartition Get(string group, Partition partition)
    {
        var key = new ShareKey(group, partition.TopicId, partition.Number);
        return _partitions.TryGetValue(key, out var known) ? known : _partitions.GetOrAdd(key, new SharePartition(key, partition, this, _parts));
    }

    public ShareStateWriter WriterOf(string group) => _writers.TryGetValue(group, out var known) ? known : _writers.GetOrAdd(group, new ShareStateWriter(group, _parts));

    public void Remove(SharePartition partition)
    {
        _partitions.TryRemove(new KeyValuePair<ShareKey, SharePartition>(partition.Key, partition));
        foreach (var (key, _) in _partitions)
        {
            if (key.Group == partition.Key.Group) return;
        }

        // One that is sending ends by itself; another one beside it is another partition's.
        _writers.TryRemove(partition.Key.Group, out _);
    }

    private void Forget(IReadOnlyList<TopicImage> deleted)
    {
        foreach (var topic in deleted)
        {
            foreach (var (key, partition) in _partitions)
            {
                if (key.TopicId == topic.Id) _ = partition.EndAsync(new ShareFault(ErrorCode.UnknownTopicOrPartition, $"{topic.Name} was deleted"));
            }
        }
    }
}
