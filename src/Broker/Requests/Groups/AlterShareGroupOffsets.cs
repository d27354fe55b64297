using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>AlterShareGroupOffsets: a share group that nobody is in begins elsewhere.</summary>
internal sealed class AlterShareGroupOffsets(CoordinatorTopic<GroupMachine> groups, NetworkLog log) : CoordinatorHandler<AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse>(log)
{
    protected override void Ask(Exchange exchange, AlterShareGroupOffsetsRequest request, ExchangeReply<AlterShareGroupOffsetsResponse> reply)
    {
        var access = exchange.Access;
        access.Require(AclOperation.Read, AclResource.Group, request.GroupId);
        if (request.GroupId.Length == 0) throw new RequestRefusedException(ErrorCode.InvalidGroupId, "a group's id is not empty");
        var allowed = new AlterShareGroupOffsetsRequest { GroupId = request.GroupId };
        foreach (var topic in request.Topics)
        {
            if (access.Allows(AclOperation.Read, AclResource.Topic, topic.TopicName)) allowed.Topics.Add(topic);
            else reply.Response.Responses.Add(Forbidden(topic));
        }

        // The exchange may be another's when a shard has answered.
        var (audit, principal, address, group) = (exchange.Row.Audit, exchange.Principal, exchange.Connection.Address, request.GroupId);
        var audited = new AuditedReply<AlterShareGroupOffsetsResponse>(reply, told =>
        {
            if (told.ErrorCode == ErrorCode.None && told.Responses.Any(static topic => topic.Partitions.Any(static partition => partition.ErrorCode == ErrorCode.None)))
                audit?.Changed(principal, address, "moved", "offsets of group", group);
        });
        groups.Run(group, audited, (machine, outcome) => machine.Share.AlterOffsets(allowed, audited, outcome));
    }

    protected override void Refuse(AlterShareGroupOffsetsRequest request, AlterShareGroupOffsetsResponse response, ErrorCode error, string? message) =>
        (response.ErrorCode, response.ErrorMessage) = (error, message);

    private static AlterShareGroupOffsetsResponse.Topic Forbidden(AlterShareGroupOffsetsRequest.Topic topic)
    {
        var row = new AlterShareGroupOffsetsResponse.Topic { TopicName = topic.TopicName };
        foreach (var partition in topic.Partitions)
        {
            row.Partitions.Add(new AlterShareGroupOffsetsResponse.Partition
            {
                PartitionIndex = partition.PartitionIndex, ErrorCode = ErrorCode.TopicAuthorizationFailed, ErrorMessage = $"no rule allows Read on Topic '{topic.TopicName}'",
            });
        }

        return row;
    }
}
