using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Share;

/// <summary>
/// The records an event of a share group is about to write. They are appended at its end, so an event that is refused half-way has
/// changed nothing.
/// </summary>
internal sealed class ShareRecords(string group)
{
    private readonly List<(IMessage Key, IMessage? Value)> _records = [];

    public int Count => _records.Count;

    public void Member(ShareMember member)
    {
        var value = new ShareGroupMemberMetadataValue { RackId = member.RackId, ClientId = member.ClientId, ClientHost = member.ClientHost };
        foreach (var name in member.TopicNames) value.SubscribedTopicNames.Add(name);
        Add(new ShareGroupMemberMetadataKey { GroupId = group, MemberId = member.Id }, value);
    }

    public void GroupEpoch(int epoch, long hash) => Add(new ShareGroupMetadataKey { GroupId = group }, new ShareGroupMetadataValue { Epoch = epoch, MetadataHash = hash });

    public void Target(string member, Assignment assignment)
    {
        var value = new ShareGroupTargetAssignmentMemberValue();
        foreach (var (topic, partitions) in assignment.Topics)
        {
            var part = new ShareGroupTargetAssignmentMemberValue.Topic { TopicId = topic };
            foreach (var partition in partitions) part.Partitions.Add(partition);
            value.TopicPartitions.Add(part);
        }

        Add(new ShareGroupTargetAssignmentMemberKey { GroupId = group, MemberId = member }, value);
    }

    public void TargetEpoch(int epoch, long timestamp) =>
        Add(new ShareGroupTargetAssignmentMetadataKey { GroupId = group }, new ShareGroupTargetAssignmentMetadataValue { AssignmentEpoch = epoch, AssignmentTimestamp = timestamp });

    public void Current(ShareMember member)
    {
        var value = new ShareGroupCurrentMemberAssignmentValue { MemberEpoch = member.Epoch, PreviousMemberEpoch = member.PreviousEpoch };
        foreach (var (topic, partitions) in member.Assigned.Topics)
        {
            var part = new ShareGroupCurrentMemberAssignmentValue.Topic { TopicId = topic };
            foreach (var partition in partitions) part.Partitions.Add(partition);
            value.AssignedPartitions.Add(part);
        }

        Add(new ShareGroupCurrentMemberAssignmentKey { GroupId = group, MemberId = member.Id }, value);
    }

    public void States(StatePartitions states)
    {
        var value = new ShareGroupStatePartitionMetadataValue();
        foreach (var (id, topic) in states.Initializing.OrderBy(static one => one.Value.Name, StringComparer.Ordinal))
            value.InitializingTopics.Add(new ShareGroupStatePartitionMetadataValue.Topic { TopicId = id, TopicName = topic.Name, Partitions = [.. topic.Partitions.Order()] });
        foreach (var (id, topic) in states.Initialized.OrderBy(static one => one.Value.Name, StringComparer.Ordinal))
            value.InitializedTopics.Add(new ShareGroupStatePartitionMetadataValue.Topic { TopicId = id, TopicName = topic.Name, Partitions = [.. topic.Partitions.Order()] });
        foreach (var (id, name) in states.Deleting.OrderBy(static one => one.Value, StringComparer.Ordinal))
            value.DeletingTopics.Add(new ShareGroupStatePartitionMetadataValue.DeletingTopic { TopicId = id, TopicName = name });
        Add(new ShareGroupStatePartitionMetadataKey { GroupId = group }, value);
    }

    public void ForgetMember(string member)
    {
        Add(new ShareGroupCurrentMemberAssignmentKey { GroupId = group, MemberId = member }, null);
        Add(new ShareGroupTargetAssignmentMemberKey { GroupId = group, MemberId = member }, null);
        Add(new ShareGroupMemberMetadataKey { GroupId = group, MemberId = member }, null);
    }

    /// <summary>All that is stored of a group.</summary>
    /// <param name="members">Those it has.</param>
    public void ForgetAll(IReadOnlyList<string> members)
    {
        foreach (var member in members) Add(new ShareGroupCurrentMemberAssignmentKey { GroupId = group, MemberId = member }, null);
        foreach (var member in members) Add(new ShareGroupTargetAssignmentMemberKey { GroupId = group, MemberId = member }, null);
        Add(new ShareGroupTargetAssignmentMetadataKey { GroupId = group }, null);
        foreach (var member in members) Add(new ShareGroupMemberMetadataKey { GroupId = group, MemberId = member }, null);
        Add(new ShareGroupStatePartitionMetadataKey { GroupId = group }, null);
        Add(new ShareGroupMetadataKey { GroupId = group }, null);
    }

    public void AppendTo(Outcome outcome)
    {
        foreach (var (key, value) in _records) outcome.Append(key, value);
    }

    private void Add(IMessage key, IMessage? value) => _records.Add((key, value));
}
