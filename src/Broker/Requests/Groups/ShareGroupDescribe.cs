using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Groups;

/// <summary>ShareGroupDescribe: groups of KIP-932 with their members, and what each fetches from.</summary>
internal sealed class ShareGroupDescribe(CoordinatorTopic<GroupMachine> groups, NetworkLog log)
    : KindDescribe<ShareGroupDescribeRequest, ShareGroupDescribeResponse, ShareGroupDescribeResponse.Group>(groups, log)
{
    protected override string Hidden => "a member of the group reads a topic that no rule allows to be described";

    protected override WireList<string> NamesOf(ShareGroupDescribeRequest request) => request.GroupIds;

    protected override bool WantsOperations(ShareGroupDescribeRequest request) => request.IncludeAuthorizedOperations;

    protected override WireList<ShareGroupDescribeResponse.Group> GroupsOf(ShareGroupDescribeResponse response) => response.Groups;

    protected override ShareGroupDescribeResponse.Group Failed(string name, ErrorCode error, string? message) => new() { GroupId = name, ErrorCode = error, ErrorMessage = message };

    protected override ShareGroupDescribeResponse.Group Describe(GroupMachine machine, string name, int? operations)
    {
        var group = machine.Share.Describe(name);
        if (group.ErrorCode == ErrorCode.None && operations is { } allowed) group.AuthorizedOperations = allowed;
        return group;
    }

    protected override bool MaySee(in Access access, ShareGroupDescribeResponse.Group group)
    {
        foreach (var member in group.Members)
        {
            foreach (var topic in member.Assignment.TopicPartitions)
            {
                if (!access.Allows(AclOperation.Describe, AclResource.Topic, topic.TopicName)) return false;
            }
        }

        return true;
    }
}
