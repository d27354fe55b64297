using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>LeaveGroup: members leave, or are sent away.</summary>
internal sealed class LeaveGroup(CoordinatorTopic<GroupMachine> groups, NetworkLog log) : CoordinatorHandler<LeaveGroupRequest, LeaveGroupResponse>(log)
{
    protected override void Ask(Exchange exchange, LeaveGroupRequest request, ExchangeReply<LeaveGroupResponse> reply)
    {
        exchange.Access.Require(AclOperation.Read, AclResource.Group, request.GroupId);
        if (request.GroupId.Length == 0) throw new RequestRefusedException(ErrorCode.InvalidGroupId, "a group's id is not empty");
        var version = exchange.Version;
        groups.Run(request.GroupId, reply, (machine, outcome) => machine.Classic.Leave(request, version, reply, outcome));
    }

    protected override void Refuse(LeaveGroupRequest request, LeaveGroupResponse response, ErrorCode error, string? message) => response.ErrorCode = error;
}
