using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Network;
using Moldau.Broker.Requests.Cluster;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>ConsumerGroupDescribe: groups of KIP-848 with their members, what they own and what they shall own.</summary>
internal sealed class ConsumerGroupDescribe(CoordinatorTopic<GroupMachine> groups, MetadataFollower metadata, LiveSettings settings, NetworkLog log)
    : CoordinatorHandler<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse>(log)
{
    protected override void Ask(Exchange exchange, ConsumerGroupDescribeRequest request, ExchangeReply<ConsumerGroupDescribeResponse> reply)
    {
        Features.RequireConsumerGroups(metadata.Current, settings.Current);
        var gathered = new GatheredReply(reply);
        for (var index = 0; index < request.GroupIds.Count; index++)
        {
            var (place, name) = (index, request.GroupIds[index]);
            reply.Response.Groups.Add(new ConsumerGroupDescribeResponse.Group { GroupId = name });
            if (name.Length == 0)
            {
                (reply.Response.Groups[place].ErrorCode, reply.Response.Groups[place].ErrorMessage) = (ErrorCode.InvalidGroupId, "a group's id is not empty");
                continue;
            }

            var part = gathered.Part((error, message) => (reply.Response.Groups[place].ErrorCode, reply.Response.Groups[place].ErrorMessage) = (error, message));
            groups.Run(name, part, (machine, outcome) =>
            {
                var told = machine.Consumer.Describe(name);
                if (told.ErrorCode == ErrorCode.None && request.IncludeAuthorizedOperations) told.AuthorizedOperations = AllowedOperations.Group;
                reply.Response.Groups[place] = told;
                outcome.Send(part);
            });
        }

        gathered.Ended();
    }

    protected override void Refuse(ConsumerGroupDescribeRequest request, ConsumerGroupDescribeResponse response, ErrorCode error, string? message)
    {
        foreach (var name in request.GroupIds) response.Groups.Add(new ConsumerGroupDescribeResponse.Group { GroupId = name, ErrorCode = error, ErrorMessage = message });
    }
}
