using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>ShareGroupHeartbeat: a share consumer joins a group of KIP-932, stays in it, and learns what to fetch from.</summary>
internal sealed class ShareGroupHeartbeat(CoordinatorTopic<GroupMachine> groups, NetworkLog log) : CoordinatorHandler<ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse>(log)
{
    /// <summary>A uuid as text has fewer.</summary>
    private const int LongestMemberId = 36;

    protected override void Ask(Exchange exchange, ShareGroupHeartbeatRequest request, ExchangeReply<ShareGroupHeartbeatResponse> reply)
    {
        var client = Client.Of(exchange);
        var access = exchange.Access;
        access.Require(AclOperation.Read, AclResource.Group, request.GroupId);
        if (request.MemberId.Length is 0 or > LongestMemberId) throw new RequestRefusedException(ErrorCode.InvalidRequest, "Invalid member id in the request.");
        foreach (var topic in request.SubscribedTopicNames ?? []) access.Require(AclOperation.Describe, AclResource.Topic, topic);
        groups.Run(request.GroupId, reply, (machine, outcome) => machine.Share.Heartbeat(request, client, reply, outcome));
    }

    protected override void Refuse(ShareGroupHeartbeatRequest request, ShareGroupHeartbeatResponse response, ErrorCode error, string? message) =>
        (response.ErrorCode, response.ErrorMessage) = (error, message);
}
