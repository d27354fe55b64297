using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>A group as ConsumerGroupDescribe tells it. Topics that are gone are left out.</summary>
internal static class ConsumerDescription
{
    private const sbyte ClassicMember = 0;
    private const sbyte NewMember = 1;

    public static ConsumerGroupDescribeResponse.Group Of(string name, Group? known, ConsumerSurroundings surroundings)
    {
        if (known is not ConsumerGroup group)
        {
            var why = known is null ? $"Group {name} not found." : $"Group {name} is not a consumer group.";
            return new ConsumerGroupDescribeResponse.Group { GroupId = name, ErrorCode = ErrorCode.GroupIdNotFound, ErrorMessage = why };
        }

        var told = new ConsumerGroupDescribeResponse.Group
        {
            GroupId = name, GroupState = group.State, GroupEpoch = group.EpochAndHash.Value.Epoch, AssignmentEpoch = group.TargetEpoch.Value.Epoch,
            AssignorName = group.Subscriptions.PreferredAssignor() ?? surroundings.Rules(name).Assignors[0],
        };
        var topics = surroundings.Topics();
        foreach (var id in MemberOrder.Held(group.MemberIds)) told.Members.Add(Of(group.FindMember(id)!, group.FindTarget(id) ?? Assignment.Empty, topics));
        return told;
    }

    private static ConsumerGroupDescribeResponse.Member Of(ConsumerMember member, Assignment target, ITopicDirectory topics)
    {
        var told = new ConsumerGroupDescribeResponse.Member
        {
            MemberId = member.Id, InstanceId = member.InstanceId, RackId = member.RackId, MemberEpoch = member.Epoch, ClientId = member.ClientId, ClientHost = member.ClientHost,
            SubscribedTopicRegex = member.TopicRegex, MemberType = member.IsClassic ? ClassicMember : NewMember,
            Assignment = new ConsumerGroupDescribeResponse.MemberAssignment(), TargetAssignment = new ConsumerGroupDescribeResponse.MemberAssignment(),
        };
        foreach (var name in member.TopicNames) told.SubscribedTopicNames.Add(name);
        foreach (var (topic, parts) in member.Assigned.With(member.Revoking).Topics) Add(told.Assignment, topic, parts.Select(static part => part.Key), topics);
        foreach (var (topic, partitions) in target.Topics) Add(told.TargetAssignment, topic, partitions, topics);
        return told;
    }

    private static void Add(ConsumerGroupDescribeResponse.MemberAssignment assignment, Uuid topic, IEnumerable<int> partitions, ITopicDirectory topics)
    {
        if (topics.Find(topic) is not { } facts) return;
        var told = new ConsumerGroupDescribeResponse.TopicPartition { TopicId = topic, TopicName = facts.Name };
        foreach (var partition in partitions) told.Partitions.Add(partition);
        assignment.TopicPartitions.Add(told);
    }
}
