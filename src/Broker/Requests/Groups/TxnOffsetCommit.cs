using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions.Transactions;
using Moldau.Coordination.Groups;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>TxnOffsetCommit: offsets that count when the producer's transaction is committed.</summary>
internal sealed class TxnOffsetCommit(CoordinatorTopic<GroupMachine> groups, TransactionVerifier verifier, MetadataFollower metadata, NetworkLog log)
    : CoordinatorHandler<TxnOffsetCommitRequest, TxnOffsetCommitResponse>(log)
{
    protected override void Ask(Exchange exchange, TxnOffsetCommitRequest request, ExchangeReply<TxnOffsetCommitResponse> reply)
    {
        var version = exchange.Version;
        var access = exchange.Access;
        access.Require(AclOperation.Write, AclResource.TransactionalId, request.TransactionalId);
        access.Require(AclOperation.Read, AclResource.Group, request.GroupId);
        var known = Known(metadata.Current, access, request, reply.Response);
        if (known.Topics.Count == 0) reply.Send();
        else _ = CommitAsync(known, version, reply);
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

    /// <summary>The partition in which the offsets will lie must be part of the transaction, as any that it writes to.</summary>
    private async Task CommitAsync(TxnOffsetCommitRequest request, short version, ExchangeReply<TxnOffsetCommitResponse> reply)
    {
        var part = new PartOfTransaction(request.TransactionalId, request.ProducerId, request.ProducerEpoch, TransactionVerifier.SupportOfOffsets(version));
        if (groups.Shards.Count > 0 && groups.Find(ShardNumber.Of(request.GroupId, groups.Shards.Count)) is { } shard)
        {
            var (error, message) = await TransactionGate.VerifyAsync(shard.Partition, part, verifier).ConfigureAwait(false);
            if (error != ErrorCode.None)
            {
                reply.Fail(error == ErrorCode.NotEnoughReplicas ? ErrorCode.CoordinatorLoadInProgress : error, message);
                return;
            }
        }

        groups.Run(request.GroupId, reply, (machine, outcome) => machine.Offsets.Commit(request, version, reply, outcome));
    }

    private static TxnOffsetCommitRequest Known(MetadataImage image, in Access access, TxnOffsetCommitRequest request, TxnOffsetCommitResponse response)
    {
        var known = new TxnOffsetCommitRequest
        {
            TransactionalId = request.TransactionalId, GroupId = request.GroupId, ProducerId = request.ProducerId, ProducerEpoch = request.ProducerEpoch,
            GenerationId = request.GenerationId, MemberId = request.MemberId, GroupInstanceId = request.GroupInstanceId,
        };
        foreach (var asked in request.Topics)
        {
            var isForbidden = !access.Allows(AclOperation.Read, AclResource.Topic, asked.Name);
            var count = isForbidden ? 0 : image.FindTopic(asked.Name)?.PartitionCount ?? 0;
            var topic = new TxnOffsetCommitRequest.Topic { Name = asked.Name };
            var refused = new TxnOffsetCommitResponse.Topic { Name = asked.Name };
            foreach (var part in asked.Partitions)
            {
                if ((uint)part.PartitionIndex < (uint)count) topic.Partitions.Add(part);
                else refused.Partitions.Add(new TxnOffsetCommitResponse.Partition { PartitionIndex = part.PartitionIndex, ErrorCode = isForbidden ? ErrorCode.TopicAuthorizationFailed : ErrorCode.UnknownTopicOrPartition });
            }

            if (topic.Partitions.Count > 0) known.Topics.Add(topic);
            if (refused.Partitions.Count > 0) response.Topics.Add(refused);
        }

        return known;
    }
}
