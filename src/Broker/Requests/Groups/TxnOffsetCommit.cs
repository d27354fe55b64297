using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>TxnOffsetCommit: offsets that count when the producer's transaction is committed.</summary>
internal sealed class TxnOffsetCommit(CoordinatorTopic<GroupMachine> groups, MetadataFollower metadata, NetworkLog log)
    : CoordinatorHandler<TxnOffsetCommitRequest, TxnOffsetCommitResponse>(log)
{
    protected override void Ask(Exchange exchange, TxnOffsetCommitRequest request, ExchangeReply<TxnOffsetCommitResponse> reply)
    {
        var version = exchange.Version;
        var known = Known(metadata.Current, request, reply.Response);
        if (known.Topics.Count == 0) reply.Send();
        else groups.Run(request.GroupId, reply, (machine, outcome) => machine.Offsets.Commit(known, version, reply, outcome));
    }

    protected override void Refuse(TxnOffsetCommitRequest request, TxnOffsetCommitResponse response, ErrorCode error, string? message)
    {
        foreach (var topic in request.Topics)
        {
            var told = new TxnOffsetCommitResponse.Topic { Name = topic.Name };
            response.Topics.Add(told);
            foreach (var part in topic.Partitions) told.Partitions.Add(new TxnOffsetCommitResponse.Partition { PartitionIndex = part.PartitionIndex, ErrorCode = error });
        }
    }

    private static TxnOffsetCommitRequest Known(MetadataImage image, TxnOffsetCommitRequest request, TxnOffsetCommitResponse response)
    {
        var known = new TxnOffsetCommitRequest
        {
            TransactionalId = request.TransactionalId, GroupId = request.GroupId, ProducerId = request.ProducerId, ProducerEpoch = request.ProducerEpoch,
            GenerationId = request.GenerationId, MemberId = request.MemberId, GroupInstanceId = request.GroupInstanceId,
        };
        foreach (var asked in request.Topics)
        {
            var count = image.FindTopic(asked.Name)?.PartitionCount ?? 0;
            var topic = new TxnOffsetCommitRequest.Topic { Name = asked.Name };
            var refused = new TxnOffsetCommitResponse.Topic { Name = asked.Name };
            foreach (var part in asked.Partitions)
            {
                if ((uint)part.PartitionIndex < (uint)count) topic.Partitions.Add(part);
                else refused.Partitions.Add(new TxnOffsetCommitResponse.Partition { PartitionIndex = part.PartitionIndex, ErrorCode = ErrorCode.UnknownTopicOrPartition });
            }

            if (topic.Partitions.Count > 0) known.Topics.Add(topic);
            if (refused.Partitions.Count > 0) response.Topics.Add(refused);
        }

        return known;
    }
}
