using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>DeleteShareGroupOffsets: a share group that nobody is in forgets where it stands in topics.</summary>
internal sealed class DeleteShareGroupOffsets(CoordinatorTopic<GroupMachine> groups, NetworkLog log) : CoordinatorHandler<DeleteShareGroupOffsetsRequest, DeleteShareGroupOffsetsResponse>(log)
{
    protected override void Ask(Exchange exchange, DeleteShareGroupOffsetsRequest request, ExchangeReply<DeleteShareGroupOffsetsResponse> reply)
    {
        var access = exchange.Access;
        access.Require(AclOperation.Delete, AclResource.Group, request.GroupId);
        if (request.GroupId.Length == 0) throw new RequestRefusedException(ErrorCode.InvalidGroupId, "a group's id is not empty");
        var allowed = new DeleteShareGroupOffsetsRequest { GroupId = request.GroupId };
        foreach (var topic in request.Topics)
        {
            if (access.Allows(AclOperation.Read, AclResource.Topic, topic.TopicName))
            {
                allowed.Topics.Add(topic);
                continue;
            }

            reply.Response.Responses.Add(new DeleteShareGroupOffsetsResponse.Topic
            {
                TopicName = topic.TopicName, ErrorCode = ErrorCode.TopicAuthorizationFailed, ErrorMessage = $"no rule allows Read on Topic '{topic.TopicName}'",
            });
        }

        // The exchange may be another's when a shard has answered.
        var (audit, principal, address, group) = (exchange.Row.Audit, exchange.Principal, exchange.Connection.Address, request.GroupId);
        var audited = new AuditedReply<DeleteShareGroupOffsetsResponse>(reply, told =>
        {
            if (told.ErrorCode == ErrorCode.None && told.Responses.Any(static topic => topic.ErrorCode == ErrorCode.None))
                audit?.Changed(principal, address, "deleted", "offsets of group", group);
        });
        groups.Run(group, audited, (machine, outcome) => machine.Share.DeleteOffsets(allowed, audited, outcome));
    }

    protected override void Refuse(DeleteShareGroupOffsetsRequest request, DeleteShareGroupOffsetsResponse response, ErrorCode error, string? message) =>
        (response.ErrorCode, response.ErrorMessage) = (error, message);
}
