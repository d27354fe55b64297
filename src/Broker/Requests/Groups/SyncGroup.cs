using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>SyncGroup: the leader brings everybody's assignment, and everybody gets his own.</summary>
internal sealed class SyncGroup(CoordinatorTopic<GroupMachine> groups, NetworkLog log) : CoordinatorHandler<SyncGroupRequest, SyncGroupResponse>(log)
{
    private const short FirstWithProtocol = 5;

    protected override void Ask(Exchange exchange, SyncGroupRequest request, ExchangeReply<SyncGroupResponse> reply)
    {
        if (exchange.Version >= FirstWithProtocol && (request.ProtocolType is null || request.ProtocolName is null))
            throw new RequestRefusedException(ErrorCode.InconsistentGroupProtocol, "from version 5 on a member says which protocol it has in mind");
        exchange.Access.Require(AclOperation.Read, AclResource.Group, request.GroupId);
        if (request.GroupId.Length == 0) throw new RequestRefusedException(ErrorCode.InvalidGroupId, "a group's id is not empty");
        groups.Run(request.GroupId, reply, (machine, outcome) => machine.Classic.Sync(request, reply, outcome));
    }

    protected override void Refuse(SyncGroupRequest request, SyncGroupResponse response, ErrorCode error, string? message) => response.ErrorCode = error;
}
