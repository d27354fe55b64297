using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>Heartbeat: a member of a classic group lives, and asks whether it is to join again.</summary>
internal sealed class Heartbeat(CoordinatorTopic<GroupMachine> groups, NetworkLog log) : CoordinatorHandler<HeartbeatRequest, HeartbeatResponse>(log)
{
    protected override void Ask(Exchange exchange, HeartbeatRequest request, ExchangeReply<HeartbeatResponse> reply)
    {
        exchange.Access.Require(AclOperation.Read, AclResource.Group, request.GroupId);
        if (request.GroupId.Length == 0) throw new RequestRefusedException(ErrorCode.InvalidGroupId, "a group's id is not empty");
        groups.Run(request.GroupId, reply, (machine, outcome) => machine.Classic.Heartbeat(request, reply, outcome));
    }

    protected override void Refuse(HeartbeatRequest request, HeartbeatResponse response, ErrorCode error, string? message) => response.ErrorCode = error;
}
