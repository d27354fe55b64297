using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Share;

/// <summary>A group as ShareGroupDescribe tells it. Topics that are gone are left out.</summary>
internal static class ShareDescription
{
    public static ShareGroupDescribeResponse.Group Of(string name, Group? known, ITopicDirectory topics)
    {
        if (known is not ShareGroup group)
        {
            var why = known is null ? $"Group {name} not found." : $"Group {name} is not a share group.";
            return new ShareGroupDescribeResponse.Group { GroupId = name, ErrorCode = ErrorCode.GroupIdNotFound, ErrorMessage = why };
        }

        var told = new ShareGroupDescribeResponse.Group
        {
            GroupId = name, GroupState = group.State, GroupEpoch = group.EpochAndHash.Value.Epoch, AssignmentEpoch = group.TargetEpoch.Value.Epoch, AssignorName = ShareTargets.AssignorName,
        };
        foreach (var id in MemberOrder.Held(group.MemberIds)) told.Members.Add(Of(group.FindMember(id)!, topics));
        return told;
    }

    private static ShareGroupDescribeResponse.Member Of(ShareMember member, ITopicDirectory topics)
    {
        var told = new ShareGroupDescribeResponse.Member { MemberId = member.Id, RackId = member.RackId, MemberEpoch = member.Epoch, ClientId = member.ClientId, ClientHost = member.ClientHost };
        foreach (var name in member.TopicNames) told.SubscribedTopicNames.Add(name);
        foreach (var (id, partitions) in member.Assigned.Topics)
        {
            if (topics.Find(id) is not { } topic) continue;
            var part = new ShareGroupDescribeResponse.TopicPartition { TopicId = id, TopicName = topic.Name };
            foreach (var partition in partitions) part.Partitions.Add(partition);
            told.Assignment.TopicPartitions.Add(part);
        }

        return told;
    }
}
