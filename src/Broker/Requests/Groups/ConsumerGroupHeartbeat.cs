using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>ConsumerGroupHeartbeat: a consumer joins a group of KIP-848, stays in it, and learns what it owns.</summary>
internal sealed class ConsumerGroupHeartbeat(CoordinatorTopic<GroupMachine> groups, NetworkLog log)
    : CoordinatorHandler<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>(log)
{
    protected override void Ask(Exchange exchange, ConsumerGroupHeartbeatRequest request, ExchangeReply<ConsumerGroupHeartbeatResponse> reply)
    {
        var (version, client) = (exchange.Version, Client.Of(exchange));
        var access = exchange.Access;
        access.Require(AclOperation.Read, AclResource.Group, request.GroupId);
        foreach (var topic in request.SubscribedTopicNames ?? []) access.Require(AclOperation.Describe, AclResource.Topic, topic);
        groups.Run(request.GroupId, reply, (machine, outcome) => machine.Consumer.Heartbeat(request, version, client, topic => access.Allows(AclOperation.Describe, AclResource.Topic, topic, isTold: false), reply, outcome));
    }

    protected override void Refuse(ConsumerGroupHeartbeatRequest request, ConsumerGroupHeartbeatResponse response, ErrorCode error, string? message) =>
        (response.ErrorCode, response.ErrorMessage) = (error, message);
}
