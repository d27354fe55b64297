using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>DescribeGroups: classic groups with their members. One that there is not is dead, or not found in newer versions.</summary>
internal sealed class DescribeGroups(CoordinatorTopic<GroupMachine> groups, NetworkLog log) : CoordinatorHandler<DescribeGroupsRequest, DescribeGroupsResponse>(log)
{
    private const short FirstWithNotFound = 6;
    private const string Dead = "Dead";

    protected override void Ask(Exchange exchange, DescribeGroupsRequest request, ExchangeReply<DescribeGroupsResponse> reply)
    {
        var version = exchange.Version;
        var access = exchange.Access;
        var gathered = new GatheredReply(reply);
        foreach (var name in request.Groups.ToList())
        {
            var told = new DescribeGroupsResponse.Group { GroupId = name };
            reply.Response.Groups.Add(told);
            if (!access.Allows(AclOperation.Describe, AclResource.Group, name))
            {
                Fail(told, ErrorCode.GroupAuthorizationFailed, version < FirstWithNotFound ? null : $"no rule allows Describe on Group '{name}'");
                continue;
            }

            var part = gathered.Part((error, message) => Fail(told, error, version < FirstWithNotFound ? null : message));
            groups.Run(name, part, (machine, outcome) =>
            {
                Describe(machine, name, version, told);
                if (told.ErrorCode == ErrorCode.None && request.IncludeAuthorizedOperations) told.AuthorizedOperations = access.Operations(AclResource.Group, name);
                outcome.Send(part);
            });
        }

        gathered.Ended();
    }

    protected override void Refuse(DescribeGroupsRequest request, DescribeGroupsResponse response, ErrorCode error, string? message)
    {
        foreach (var name in request.Groups) response.Groups.Add(new DescribeGroupsResponse.Group { GroupId = name, ErrorCode = error });
    }

    private static void Describe(GroupMachine machine, string name, short version, DescribeGroupsResponse.Group told)
    {
        var group = machine.Find(name);
        if (group is { Kind: GroupKind.Classic } && machine.Classic.Describe(name, told)) return;
        told.GroupState = Dead;
        if (version < FirstWithNotFound) return;
        told.ErrorCode = ErrorCode.GroupIdNotFound;
        told.ErrorMessage = group is null ? $"Group {name} not found." : $"Group {name} is not a classic group.";
    }

    private static void Fail(DescribeGroupsResponse.Group told, ErrorCode error, string? message)
    {
        told.Members.Clear();
        (told.ErrorCode, told.ErrorMessage) = (error, message);
    }
}
