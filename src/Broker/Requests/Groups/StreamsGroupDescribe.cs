using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>StreamsGroupDescribe: groups of KIP-1071 with their topology, their members, and the tasks of each.</summary>
internal sealed class StreamsGroupDescribe(CoordinatorTopic<GroupMachine> groups, NetworkLog log) : CoordinatorHandler<StreamsGroupDescribeRequest, StreamsGroupDescribeResponse>(log)
{
    protected override void Ask(Exchange exchange, StreamsGroupDescribeRequest request, ExchangeReply<StreamsGroupDescribeResponse> reply)
    {
        var access = exchange.Access;
        var gathered = new GatheredReply(reply);
        for (var index = 0; index < request.GroupIds.Count; index++)
        {
            var (place, name) = (index, request.GroupIds[index]);
            reply.Response.Groups.Add(new StreamsGroupDescribeResponse.Group { GroupId = name });
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
                var told = machine.Streams.Describe(name);
                if (told.ErrorCode == ErrorCode.None && request.IncludeAuthorizedOperations) told.AuthorizedOperations = access.Operations(AclResource.Group, name);
                reply.Response.Groups[place] = MaySee(access, told) ? told : Hidden(name);
                outcome.Send(part);
            });
        }

        gathered.Ended();
    }

    protected override void Refuse(StreamsGroupDescribeRequest request, StreamsGroupDescribeResponse response, ErrorCode error, string? message)
    {
        foreach (var name in request.GroupIds) response.Groups.Add(new StreamsGroupDescribeResponse.Group { GroupId = name, ErrorCode = error, ErrorMessage = message });
    }

    /// <summary>Whoever may not know of one of the topology's topics is told nothing of the group.</summary>
    private static StreamsGroupDescribeResponse.Group Hidden(string name) =>
        new() { GroupId = name, ErrorCode = ErrorCode.TopicAuthorizationFailed, ErrorMessage = "the group's topology has a topic that no rule allows to be described" };

    private static bool MaySee(in Access access, StreamsGroupDescribeResponse.Group told)
    {
        if (access.IsOpen || told.Topology?.Subtopologies is not { } parts) return true;
        foreach (var part in parts)
        {
            foreach (var name in part.SourceTopics.Concat(part.RepartitionSinkTopics).Concat(part.RepartitionSourceTopics.Concat(part.StateChangelogTopics).Select(static topic => topic.Name)))
            {
                if (!access.Allows(AclOperation.Describe, AclResource.Topic, name)) return false;
            }
        }

        return true;
    }
}
