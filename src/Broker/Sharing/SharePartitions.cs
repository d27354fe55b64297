using System.Collections.Concurrent;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Partitions;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Sharing;

/// <summary>The share-partitions that this broker leads, from their first fetch on.</summary>
internal sealed class SharePartitions
{
    private readonly ConcurrentDictionary<ShareKey, SharePartition> _partitions = new();
    private readonly ConcurrentDictionary<string, ShareGroup> _groups = new(StringComparer.Ordinal);
    private readonly Lock _sync = new();
    private readonly SharingParts _parts;

    public SharePartitions(SharingParts parts)
    {
        _parts = parts;
        parts.Metadata.Subscribe(update => Forget(update.TopicsDeleted));
    }

    public SharingParts Parts => _parts;

    public int Count => _partitions.Count;

    /// <summary>By group, of those that have any here: <see cref="SharePartition.InFlight"/>.</summary>
    public SortedDictionary<string, long> InFlight
    {
        get
        {
            var groups = new SortedDictionary<string, long>(StringComparer.Ordinal);
            foreach (var (key, partition) in _partitions) groups[key.Group] = groups.GetValueOrDefault(key.Group) + partition.InFlight;
            return groups;
        }
    }

    /// <summary>Null where nobody has fetched from it.</summary>
    public SharePartition? Find(ShareKey key) => _partitions.GetValueOrDefault(key);

    public SharePartition Get(string group, Partition partition)
    {
        var key = new ShareKey(group, partition.TopicId, partition.Number);
        if (_partitions.TryGetValue(key, out var known)) return known;
        lock (_sync)
        {
            if (_partitions.TryGetValue(key, out known)) return known;
            var parts = _groups.GetOrAdd(group, static (name, parts) => new ShareGroup(name, parts), _parts);
            parts.Partitions++;
            return _partitions[key] = new SharePartition(key, partition, parts, this, _parts);
        }
    }

    public ShareRules RulesOf(string group) => _groups.TryGetValue(group, out var known) ? known.Rules : new ShareRules(group, _parts.Metadata, _parts.Settings);

    public void Remove(SharePartition partition, ShareGroup group)
    {
        lock (_sync)
        {
            if (!_partitions.TryRemove(new KeyValuePair<ShareKey, SharePartition>(partition.Key, partition))) return;
            if (--group.Partitions == 0) _groups.TryRemove(group.Name, out _);
        }
    }

    /// <summary>A group has no sessions here any more.</summary>
    public async Task MayGoAsync(string group)
    {
        foreach (var (key, partition) in _partitions)
        {
            if (key.Group == group) await partition.MayGoAsync().ConfigureAwait(false);
        }
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
