using Moldau.Broker.Coordinators;
using Moldau.Broker.Coordinators.Transactions;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Requests.Topics;
using Moldau.Coordination.Groups;
using Moldau.Coordination.Shards;
using Moldau.Coordination.Transactions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Transactions;

/// <summary>AddOffsetsToTxn: the partition in which a group's offsets lie becomes part of the transaction.</summary>
internal sealed class AddOffsetsToTxn(TransactionShards transactions, CoordinatorTopic<GroupMachine> groups, NetworkLog log)
    : TypedHandler<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse>(log)
{
    protected override async ValueTask HandleAsync(Exchange exchange, AddOffsetsToTxnRequest request, AddOffsetsToTxnResponse response)
    {
        var access = exchange.Access;
        access.Require(AclOperation.Write, AclResource.TransactionalId, request.TransactionalId);
        access.Require(AclOperation.Read, AclResource.Group, request.GroupId);
        var (error, _) = await groups.EnsureAsync().ConfigureAwait(false);
        if (error != ErrorCode.None)
        {
            response.ErrorCode = error;
            return;
        }

        var version = exchange.Version;
        var offsets = new TransactionPartition(TopicName.ConsumerOffsets, ShardNumber.Of(request.GroupId, groups.Shards.Count));
        var (failed, answer) = await transactions.AskAsync<AddOffsetsToTxnResponse>(
            request.TransactionalId, (machine, reply, outcome) => machine.AddOffsets(request, version, offsets, reply, outcome)).ConfigureAwait(false);
        response.ErrorCode = failed != ErrorCode.None ? failed : answer.ErrorCode;
    }

    protected override void Refuse(AddOffsetsToTxnRequest request, AddOffsetsToTxnResponse response, ErrorCode error, string? message) => response.ErrorCode = error;
}
