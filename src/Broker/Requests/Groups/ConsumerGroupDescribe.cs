using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Groups;

/// <summary>ConsumerGroupDescribe: groups of KIP-848 with their members, what they own and what they shall own.</summary>
internal sealed class ConsumerGroupDescribe(CoordinatorTopic<GroupMachine> groups, NetworkLog log)
    : KindDescribe<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse, ConsumerGroupDescribeResponse.Group>(groups, log)
{
    protected override string Hidden => "a member of the group reads a topic that no rule allows to be described";

    protected override WireList<string> NamesOf(ConsumerGroupDescribeRequest request) => request.GroupIds;

    protected override bool WantsOperations(ConsumerGroupDescribeRequest request) => request.IncludeAuthorizedOperations;

    protected override WireList<ConsumerGroupDescribeResponse.Group> GroupsOf(ConsumerGroupDescribeResponse response) => response.Groups;

    protected override ConsumerGroupDescribeResponse.Group Failed(string name, ErrorCode error, string? message) => new() { GroupId = name, ErrorCode = error, ErrorMessage = message };

    protected override ConsumerGroupDescribeResponse.Group Describe(GroupMachine machine, string name, int? operations)
    {
        var group = machine.Consumer.Describe(name);
        if (group.ErrorCode == ErrorCode.None && operations is { } allowed) group.AuthorizedOperations = allowed;
        return group;
    }

    protected override bool MaySee(in Access access, ConsumerGroupDescribeResponse.Group group)
    {
        foreach (var member in group.Members)
        {
            if (!MaySee(access, member.Assignment) || !MaySee(access, member.TargetAssignment)) return false;
        }

        return true;
    }

    private static bool MaySee(in Access access, ConsumerGroupDescribeResponse.MemberAssignment assignment)
    {
        foreach (var topic in assignment.TopicPartitions)
        {
            if (!access.Allows(AclOperation.Describe, AclResource.Topic, topic.TopicName)) return false;
        }

        return true;
    }
}
