using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>OffsetDelete: forgets offsets of topics that no member reads.</summary>
internal sealed class OffsetDelete(CoordinatorTopic<GroupMachine> groups, MetadataFollower metadata, NetworkLog log)
    : CoordinatorHandler<OffsetDeleteRequest, OffsetDeleteResponse>(log)
{
    protected override void Ask(Exchange exchange, OffsetDeleteRequest request, ExchangeReply<OffsetDeleteResponse> reply)
    {
        var access = exchange.Access;
        access.Require(AclOperation.Delete, AclResource.Group, request.GroupId);
        if (request.GroupId.Length == 0) throw new RequestRefusedException(ErrorCode.InvalidGroupId, "a group's id is not empty");
        var known = Known(metadata.Current, access, request, reply.Response);
        groups.Run(request.GroupId, reply, (machine, outcome) => machine.Offsets.Delete(known, reply, outcome));
    }

    protected override void Refuse(OffsetDeleteRequest request, OffsetDeleteResponse response, ErrorCode error, string? message) => response.ErrorCode = error;

    private static OffsetDeleteRequest Known(MetadataImage image, in Access access, OffsetDeleteRequest request, OffsetDeleteResponse response)
    {
        if (request.GroupId.Length == 0) throw new RequestRefusedException(ErrorCode.InvalidGroupId, "a group's id is not empty");
        var known = new OffsetDeleteRequest { GroupId = request.GroupId };
        foreach (var asked in request.Topics)
        {
            var isForbidden = !access.Allows(AclOperation.Read, AclResource.Topic, asked.Name);
            var count = isForbidden ? 0 : image.FindTopic(asked.Name)?.PartitionCount ?? 0;
            var topic = new OffsetDeleteRequest.Topic { Name = asked.Name };
            var refused = new OffsetDeleteResponse.Topic { Name = asked.Name };
            foreach (var part in asked.Partitions)
            {
                if ((uint)part.PartitionIndex < (uint)count) topic.Partitions.Add(part);
                else refused.Partitions.Add(new OffsetDeleteResponse.Partition { PartitionIndex = part.PartitionIndex, ErrorCode = isForbidden ? ErrorCode.TopicAuthorizationFailed : ErrorCode.UnknownTopicOrPartition });
            }

            if (topic.Partitions.Count > 0) known.Topics.Add(topic);
            if (refused.Partitions.Count > 0) response.Topics.Add(refused);
        }

        return known;
    }
}
