using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>OffsetCommit: stores how far a group has read. Partitions that do not exist are refused each by itself.</summary>
internal sealed class OffsetCommit(CoordinatorTopic<GroupMachine> groups, MetadataFollower metadata, NetworkLog log)
    : CoordinatorHandler<OffsetCommitRequest, OffsetCommitResponse>(log)
{
    private const short FirstWithIds = 10;

    protected override void Ask(Exchange exchange, OffsetCommitRequest request, ExchangeReply<OffsetCommitResponse> reply)
    {
        var version = exchange.Version;
        var access = exchange.Access;
        access.Require(AclOperation.Read, AclResource.Group, request.GroupId);
        var known = Known(metadata.Current, access, request, version, reply.Response);
        if (known.Topics.Count == 0) reply.Send();
        else groups.Run(request.GroupId, reply, (machine, outcome) => machine.Offsets.Commit(known, version, reply, outcome));
    }

    protected override void Refuse(OffsetCommitRequest request, OffsetCommitResponse response, ErrorCode error, string? message)
    {
        foreach (var topic in request.Topics)
        {
            var told = new OffsetCommitResponse.Topic { Name = topic.Name, TopicId = topic.TopicId };
            response.Topics.Add(told);
            foreach (var part in topic.Partitions) told.Partitions.Add(new OffsetCommitResponse.Partition { PartitionIndex = part.PartitionIndex, ErrorCode = error });
        }
    }

    /// <summary>The request without what does not exist, topics with their names and ids.</summary>
    private static OffsetCommitRequest Known(MetadataImage image, in Access access, OffsetCommitRequest request, short version, OffsetCommitResponse response)
    {
        var known = new OffsetCommitRequest
        {
            GroupId = request.GroupId, GenerationIdOrMemberEpoch = request.GenerationIdOrMemberEpoch, MemberId = request.MemberId,
            GroupInstanceId = request.GroupInstanceId, RetentionTimeMs = request.RetentionTimeMs,
        };
        foreach (var asked in request.Topics)
        {
            var found = version >= FirstWithIds ? image.FindTopic(asked.TopicId) : image.FindTopic(asked.Name);
            // An id that leads to no name tells nothing.
            var isForbidden = (found?.Name ?? asked.Name) is { Length: > 0 } name && !access.Allows(AclOperation.Read, AclResource.Topic, name);
            var missing = isForbidden ? ErrorCode.TopicAuthorizationFailed : version >= FirstWithIds && found is null ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition;
            var topic = new OffsetCommitRequest.Topic { Name = found?.Name ?? asked.Name, TopicId = found?.Id ?? asked.TopicId };
            var refused = new OffsetCommitResponse.Topic { Name = topic.Name, TopicId = topic.TopicId };
            foreach (var part in asked.Partitions)
            {
                if (!isForbidden && found is { } there && (uint)part.PartitionIndex < (uint)there.PartitionCount) topic.Partitions.Add(part);
                else refused.Partitions.Add(new OffsetCommitResponse.Partition { PartitionIndex = part.PartitionIndex, ErrorCode = missing });
            }

            if (topic.Partitions.Count > 0) known.Topics.Add(topic);
            if (refused.Partitions.Count > 0) response.Topics.Add(refused);
        }

        return known;
    }
}
