using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>JoinGroup: a member enters a classic group, and waits until the group has a generation with it.</summary>
internal sealed class JoinGroup(CoordinatorTopic<GroupMachine> groups, NetworkLog log) : CoordinatorHandler<JoinGroupRequest, JoinGroupResponse>(log)
{
    private const short FirstWithNull = 7;

    protected override void Ask(Exchange exchange, JoinGroupRequest request, ExchangeReply<JoinGroupResponse> reply)
    {
        if (!exchange.Access.Allows(AclOperation.Read, AclResource.Group, request.GroupId))
        {
            // Without the member: whoever may not know of the group is told nothing of it.
            (reply.Response.ErrorCode, reply.Response.GenerationId, reply.Response.ProtocolName) = (ErrorCode.GroupAuthorizationFailed, -1, null);
            reply.Send();
            return;
        }

        if (request.GroupId.Length == 0)
        {
            (reply.Response.ErrorCode, reply.Response.MemberId, reply.Response.ProtocolName) = (ErrorCode.InvalidGroupId, request.MemberId, null);
            reply.Send();
            return;
        }

        var (version, client) = (exchange.Version, Client.Of(exchange));
        groups.Run(request.GroupId, reply, (machine, outcome) => machine.Classic.Join(request, version, client, reply, outcome));
    }

    protected override Action<JoinGroupResponse>? FinishOf(short version) => version >= FirstWithNull ? null : static response => response.ProtocolName ??= "";

    protected override void Refuse(JoinGroupRequest request, JoinGroupResponse response, ErrorCode error, string? message) => 
        (response.ErrorCode, response.MemberId, response.GenerationId) = (error, request.MemberId, -1);
}
