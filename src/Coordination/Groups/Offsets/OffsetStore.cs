using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Offsets;

/// <summary>The offsets of a shard's groups, as its records say: committed ones, and those of open transactions.</summary>
public sealed class OffsetStore(UndoLog undo)
{
    private readonly DurableMap<string, DurableMap<TopicPart, CommittedOffset>> _groups = new(undo);
    private readonly PendingOffsets _pending = new(undo);
    private readonly Dictionary<string, string> _topics = new(StringComparer.Ordinal);
    private long _order;

    /// <summary>Of groups with offsets, in no order.</summary>
    public IEnumerable<string> Groups => _groups.Keys;

    public bool Has(string group) => _groups.Contains(group) || _pending.Has(group);

    public bool HasPending(string group) => _pending.Has(group);

    /// <summary>Whether an open transaction is about to change it.</summary>
    public bool IsPending(string group, TopicPart part) => _pending.Has(group, part);

    public IReadOnlyList<TopicPart> Pending(string group) => _pending.Of(group);

    public CommittedOffset? Find(string group, TopicPart part) => _groups.TryGet(group, out var offsets) ? offsets.Find(part) : null;

    /// <summary>A group's, in no order.</summary>
    public IEnumerable<KeyValuePair<TopicPart, CommittedOffset>> All(string group) => _groups.TryGet(group, out var offsets) ? offsets : [];

    public bool Replay(IMessage key, IMessage? value, TransactionProducer? producer)
    {
        switch (key)
        {
            case OffsetCommitKey offset:
                Apply(offset.Group, Part(offset.Topic, offset.Partition), Read((OffsetCommitValue?)value), producer);
                return true;
            case LegacyOffsetCommitKey legacy:
                Apply(legacy.Group, Part(legacy.Topic, legacy.Partition), Read((LegacyOffsetCommitValue?)value), producer);
                return true;
            default:
                return false;
        }
    }

    public void ReplayMarker(TransactionProducer producer, bool isCommit)
    {
        foreach (var (group, part, offset) in _pending.Take(producer.Id))
        {
            // What was committed outside of the transaction since then is newer.
            if (isCommit && !(Find(group, part) is { } known && known.Order > offset.Order)) Set(group, part, offset);
        }
    }

    private void Apply(string group, TopicPart part, CommittedOffset? offset, TransactionProducer? producer)
    {
        if (offset is null)
        {
            _pending.Remove(group, part);
            if (!_groups.TryGet(group, out var offsets)) return;
            offsets.Remove(part);
            if (offsets.Count == 0) _groups.Remove(group);
        }
        else if (producer is { } transaction)
        {
            _pending.Set(group, transaction.Id, part, offset);
        }
        else
        {
            Set(group, part, offset);
        }
    }

    private void Set(string group, TopicPart part, CommittedOffset offset)
    {
        if (!_groups.TryGet(group, out var offsets)) _groups.Set(group, offsets = new DurableMap<TopicPart, CommittedOffset>(undo));
        offsets.Set(part, offset);
    }

    /// <summary>Its name once for all records that hold it.</summary>
    private TopicPart Part(string topic, int partition)
    {
        if (!_topics.TryGetValue(topic, out var known)) _topics[topic] = known = topic;
        return new TopicPart(known, partition);
    }

    private CommittedOffset? Read(OffsetCommitValue? value) => value is null
        ? null
        : new CommittedOffset(value.Offset, value.LeaderEpoch, value.Metadata, value.CommitTimestamp, value.ExpireTimestamp, value.TopicId, ++_order);

    private CommittedOffset? Read(LegacyOffsetCommitValue? value) => value is null
        ? null
        : new CommittedOffset(value.Offset, -1, value.Metadata, value.CommitTimestamp, -1, Uuid.Zero, ++_order);
}
