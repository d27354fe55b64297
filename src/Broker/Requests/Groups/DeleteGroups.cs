using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>DeleteGroups: each group by itself; one that has members stays.</summary>
internal sealed class DeleteGroups(CoordinatorTopic<GroupMachine> groups, NetworkLog log) : CoordinatorHandler<DeleteGroupsRequest, DeleteGroupsResponse>(log)
{
    protected override void Ask(Exchange exchange, DeleteGroupsRequest request, ExchangeReply<DeleteGroupsResponse> reply)
    {
        var access = exchange.Access;
        // The exchange may be another's when a shard has answered.
        var (audit, principal, address) = (exchange.Row.Audit, exchange.Principal, exchange.Connection.Address);
        var gathered = new GatheredReply(reply);
        foreach (var name in request.GroupsNames.Distinct(StringComparer.Ordinal).ToList())
        {
            var told = new DeleteGroupsResponse.Group { GroupId = name };
            reply.Response.Results.Add(told);
            if (!access.Allows(AclOperation.Delete, AclResource.Group, name))
            {
                told.ErrorCode = ErrorCode.GroupAuthorizationFailed;
                continue;
            }

            var part = gathered.Part((error, _) => told.ErrorCode = error);
            groups.Run(name, part, (machine, outcome) => machine.Delete(name, error =>
            {
                told.ErrorCode = error;
                if (error == ErrorCode.None) audit?.Changed(principal, address, "deleted", "group", name);
            }, part, outcome));
        }

        gathered.Ended();
    }

    protected override void Refuse(DeleteGroupsRequest request, DeleteGroupsResponse response, ErrorCode error, string? message)
    {
        foreach (var name in request.GroupsNames) response.Results.Add(new DeleteGroupsResponse.Group { GroupId = name, ErrorCode = error });
    }
}
