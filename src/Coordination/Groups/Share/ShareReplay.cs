using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Share;

/// <summary>What the records of share groups mean. Compaction may have left any of them out, so none counts on another.</summary>
internal sealed class ShareReplay(UndoLog undo)
{
    public DurableMap<string, ShareGroup> Groups { get; } = new(undo);

    /// <summary>The group whose first records come now: it keeps what is soft of it.</summary>
    public ShareGroup? Making { get; set; }

    /// <returns>False where the record is of another kind.</returns>
    public bool Replay(IMessage key, IMessage? value)
    {
        switch (key)
        {
            case ShareGroupMemberMetadataKey member:
                if (value is ShareGroupMemberMetadataValue metadata) SetMember(member, metadata);
                else Groups.Find(member.GroupId)?.RemoveMember(member.MemberId);
                return true;
            case ShareGroupMetadataKey group:
                if (value is ShareGroupMetadataValue epoch) Ensure(group.GroupId).EpochAndHash.Set((epoch.Epoch, epoch.MetadataHash));
                else Groups.Remove(group.GroupId);
                return true;
            case ShareGroupTargetAssignmentMemberKey target:
                if (value is ShareGroupTargetAssignmentMemberValue targets) Ensure(target.GroupId).SetTarget(target.MemberId, Read(targets));
                else Groups.Find(target.GroupId)?.SetTarget(target.MemberId, null);
                return true;
            case ShareGroupTargetAssignmentMetadataKey made:
                if (value is ShareGroupTargetAssignmentMetadataValue at) Ensure(made.GroupId).TargetEpoch.Set((at.AssignmentEpoch, at.AssignmentTimestamp));
                else Groups.Find(made.GroupId)?.TargetEpoch.Set((1, 0));
                return true;
            case ShareGroupCurrentMemberAssignmentKey current:
                SetCurrent(current, (ShareGroupCurrentMemberAssignmentValue?)value);
                return true;
            case ShareGroupStatePartitionMetadataKey states:
                if (value is ShareGroupStatePartitionMetadataValue known) Ensure(states.GroupId).States.Set(Read(known));
                else Groups.Find(states.GroupId)?.States.Set(StatePartitions.None);
                return true;
            default:
                return false;
        }
    }

    private ShareGroup Ensure(string name)
    {
        if (Groups.TryGet(name, out var group)) return group;
        group = Making?.Name == name ? Making : new ShareGroup(name, undo);
        Groups.Set(name, group);
        return group;
    }

    private void SetMember(ShareGroupMemberMetadataKey key, ShareGroupMemberMetadataValue value)
    {
        var group = Ensure(key.GroupId);
        group.SetMember((group.FindMember(key.MemberId) ?? new ShareMember(key.MemberId)) with
        {
            RackId = value.RackId,
            ClientId = value.ClientId,
            ClientHost = value.ClientHost,
            TopicNames = [.. value.SubscribedTopicNames.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        });
    }

    private void SetCurrent(ShareGroupCurrentMemberAssignmentKey key, ShareGroupCurrentMemberAssignmentValue? value)
    {
        if (value is null)
        {
            if (Groups.Find(key.GroupId) is { } known && known.FindMember(key.MemberId) is { } left) known.SetMember(left with { Epoch = -1, PreviousEpoch = -1, Assigned = Assignment.Empty });
            return;
        }

        var group = Ensure(key.GroupId);
        group.SetMember((group.FindMember(key.MemberId) ?? new ShareMember(key.MemberId)) with
        {
            Epoch = value.MemberEpoch,
            PreviousEpoch = value.PreviousMemberEpoch,
            Assigned = Assignment.Stored(value.AssignedPartitions.Select(static topic => new KeyValuePair<Uuid, IReadOnlyList<int>>(topic.TopicId, [.. topic.Partitions]))),
        });
    }

    private static Assignment Read(ShareGroupTargetAssignmentMemberValue value) =>
        Assignment.Stored(value.TopicPartitions.Select(static topic => new KeyValuePair<Uuid, IReadOnlyList<int>>(topic.TopicId, [.. topic.Partitions])));

    private static StatePartitions Read(ShareGroupStatePartitionMetadataValue value) => new()
    {
        Initializing = Read(value.InitializingTopics),
        Initialized = Read(value.InitializedTopics),
        Deleting = value.DeletingTopics.DistinctBy(static topic => topic.TopicId).ToDictionary(static topic => topic.TopicId, static topic => topic.TopicName),
    };

    private static Dictionary<Uuid, StateTopic> Read(WireList<ShareGroupStatePartitionMetadataValue.Topic> topics) =>
        topics.DistinctBy(static topic => topic.TopicId).ToDictionary(static topic => topic.TopicId, static topic => new StateTopic(topic.TopicName, topic.Partitions.ToHashSet()));
}
