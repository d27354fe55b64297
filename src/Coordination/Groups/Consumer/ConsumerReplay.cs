using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>What the records of consumer groups mean. Compaction may have left any of them out, so none counts on another.</summary>
internal sealed class ConsumerReplay(UndoLog undo)
{
    public DurableMap<string, ConsumerGroup> Groups { get; } = new(undo);

    /// <summary>The group whose first records come now: it keeps what is soft of it.</summary>
    public ConsumerGroup? Making { get; set; }

    /// <returns>False where the record is of another kind.</returns>
    public bool Replay(IMessage key, IMessage? value)
    {
        switch (key)
        {
            case ConsumerGroupMemberMetadataKey member:
                if (value is null) Groups.Find(member.GroupId)?.RemoveMember(member.MemberId);
                else SetMember(member, (ConsumerGroupMemberMetadataValue)value);
                return true;
            case ConsumerGroupMetadataKey group:
                if (value is ConsumerGroupMetadataValue epoch) Ensure(group.GroupId).EpochAndHash.Set((epoch.Epoch, epoch.MetadataHash));
                else Groups.Remove(group.GroupId);
                return true;
            case ConsumerGroupPartitionMetadataKey metadata:
                if (value is not null) Ensure(metadata.GroupId).HasPartitionMetadata.Set(true);
                else Groups.Find(metadata.GroupId)?.HasPartitionMetadata.Set(false);
                return true;
            case ConsumerGroupTargetAssignmentMemberKey target:
                if (value is ConsumerGroupTargetAssignmentMemberValue targets) Ensure(target.GroupId).SetTarget(target.MemberId, Read(targets));
                else Groups.Find(target.GroupId)?.SetTarget(target.MemberId, null);
                return true;
            case ConsumerGroupTargetAssignmentMetadataKey made:
                if (value is ConsumerGroupTargetAssignmentMetadataValue at) Ensure(made.GroupId).TargetEpoch.Set((at.AssignmentEpoch, at.AssignmentTimestamp));
                else Groups.Find(made.GroupId)?.TargetEpoch.Set((-1, 0));
                return true;
            case ConsumerGroupCurrentMemberAssignmentKey current:
                SetCurrent(current, (ConsumerGroupCurrentMemberAssignmentValue?)value);
                return true;
            case ConsumerGroupRegularExpressionKey regex:
                if (value is ConsumerGroupRegularExpressionValue topics)
                    Ensure(regex.GroupId).Subscriptions.Resolve(regex.RegularExpression, new ResolvedRegex(topics.Topics.ToHashSet(StringComparer.Ordinal), topics.Version, topics.Timestamp));
                else
                    Groups.Find(regex.GroupId)?.Subscriptions.Resolve(regex.RegularExpression, null);
                return true;
            default:
                return false;
        }
    }

    private ConsumerGroup Ensure(string name)
    {
        if (Groups.TryGet(name, out var group)) return group;
        group = Making?.Name == name ? Making : new ConsumerGroup(name, undo);
        Groups.Set(name, group);
        return group;
    }

    private void SetMember(ConsumerGroupMemberMetadataKey key, ConsumerGroupMemberMetadataValue value)
    {
        var group = Ensure(key.GroupId);
        var classic = value.ClassicMemberMetadata;
        group.SetMember((group.FindMember(key.MemberId) ?? new ConsumerMember(key.MemberId)) with
        {
            InstanceId = value.InstanceId,
            RackId = value.RackId,
            RebalanceTimeout = value.RebalanceTimeoutMs,
            ClientId = value.ClientId,
            ClientHost = value.ClientHost,
            TopicNames = [.. value.SubscribedTopicNames.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            TopicRegex = value.SubscribedTopicRegex,
            ServerAssignor = value.ServerAssignor,
            Classic = classic is null ? null : new ClassicSide(
                classic.SessionTimeoutMs, [.. classic.SupportedProtocols.Select(static protocol => new KeyValuePair<string, ReadOnlyMemory<byte>>(protocol.Name, protocol.Metadata))]),
        });
    }

    private void SetCurrent(ConsumerGroupCurrentMemberAssignmentKey key, ConsumerGroupCurrentMemberAssignmentValue? value)
    {
        if (value is null)
        {
            if (Groups.Find(key.GroupId) is { } known && known.FindMember(key.MemberId) is { } left)
                known.SetMember(left with { Epoch = -1, PreviousEpoch = -1, Assigned = OwnedPartitions.Empty, Revoking = OwnedPartitions.Empty });
            return;
        }

        var group = Ensure(key.GroupId);
        group.SetMember((group.FindMember(key.MemberId) ?? new ConsumerMember(key.MemberId)) with
        {
            Epoch = value.MemberEpoch,
            PreviousEpoch = value.PreviousMemberEpoch,
            State = Enum.IsDefined((MemberState)value.State) ? (MemberState)value.State : MemberState.Unknown,
            Assigned = Read(value.AssignedPartitions, value.MemberEpoch),
            Revoking = Read(value.PartitionsPendingRevocation, value.MemberEpoch),
        });
    }

    private static Assignment Read(ConsumerGroupTargetAssignmentMemberValue value) =>
        Assignment.Stored(value.TopicPartitions.Select(static topic => new KeyValuePair<Uuid, IReadOnlyList<int>>(topic.TopicId, [.. topic.Partitions])));

    // Brokers before 4.3 wrote no epochs: a partition counts as assigned in the member's.
    private static OwnedPartitions Read(WireList<ConsumerGroupCurrentMemberAssignmentValue.Topic> topics, int memberEpoch)
    {
        var all = new Dictionary<Uuid, Dictionary<int, int>>();
        foreach (var topic in topics)
        {
            if (!all.TryGetValue(topic.TopicId, out var parts)) all[topic.TopicId] = parts = [];
            var epochs = topic.AssignmentEpochs?.Count == topic.Partitions.Count ? topic.AssignmentEpochs : null;
            for (var index = 0; index < topic.Partitions.Count; index++) parts[topic.Partitions[index]] = epochs?[index] ?? memberEpoch;
        }

        return OwnedPartitions.Of(all);
    }
}
