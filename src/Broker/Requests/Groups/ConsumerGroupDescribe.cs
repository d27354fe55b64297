using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>ConsumerGroupDescribe: groups of KIP-848 with their members, what they own and what they shall own.</summary>
internal sealed class ConsumerGroupDescribe(CoordinatorTopic<GroupMachine> groups, NetworkLog log)
    : CoordinatorHandler<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse>(log)
{
    protected override void Ask(Exchange exchange, ConsumerGroupDescribeRequest request, ExchangeReply<ConsumerGroupDescribeResponse> reply)
    {
        var access = exchange.Access;
        var gathered = new GatheredReply(reply);
        for (var index = 0; index < request.GroupIds.Count; index++)
        {
            var (place, name) = (index, request.GroupIds[index]);
            reply.Response.Groups.Add(new ConsumerGroupDescribeResponse.Group { GroupId = name });
            if (!access.Allows(AclOperation.Describe, AclResource.Group, name))
            {
                (reply.Response.Groups[place].ErrorCode, reply.Response.Groups[place].ErrorMessage) = (ErrorCode.GroupAuthorizationFailed, $"no rule allows Describe on Group '{name}'");
                continue;
            }

            if (name.Length == 0)
            {
                (reply.Response.Groups[place].ErrorCode, reply.Response.Groups[place].ErrorMessage) = (ErrorCode.InvalidGroupId, "a group's id is not empty");
                continue;
            }

            var part = gathered.Part((error, message) => (reply.Response.Groups[place].ErrorCode, reply.Response.Groups[place].ErrorMessage) = (error, message));
            groups.Run(name, part, (machine, outcome) =>
            {
                var told = machine.Consumer.Describe(name);
                if (told.ErrorCode == ErrorCode.None && request.IncludeAuthorizedOperations) told.AuthorizedOperations = access.Operations(AclResource.Group, name);
                reply.Response.Groups[place] = MaySee(access, told) ? told : Hidden(name);
                outcome.Send(part);
            });
        }

        gathered.Ended();
    }

    /// <summary>Whoever may not know of one of the topics that members read is not told of the members.</summary>
    private static ConsumerGroupDescribeResponse.Group Hidden(string name) =>
        new() { GroupId = name, ErrorCode = ErrorCode.TopicAuthorizationFailed, ErrorMessage = "a member of the group reads a topic that no rule allows to be described" };

    private static bool MaySee(in Access access, ConsumerGroupDescribeResponse.Group told)
    {
        if (access.IsOpen) return true;
        foreach (var member in told.Members)
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

    protected override void Refuse(ConsumerGroupDescribeRequest request, ConsumerGroupDescribeResponse response, ErrorCode error, string? message)
    {
        foreach (var name in request.GroupIds) response.Groups.Add(new ConsumerGroupDescribeResponse.Group { GroupId = name, ErrorCode = error, ErrorMessage = message });
    }
}
