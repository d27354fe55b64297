using Moldau.Broker.Coordinators.Transactions;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Broker.Requests.Topics;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Transactions;

/// <summary>AddPartitionsToTxn: of clients one transaction, of brokers (from version 4) several, which may ask only.</summary>
internal sealed class AddPartitionsToTxn(TransactionShards transactions, HostedTopics topics, NetworkLog log) : TypedHandler<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse>(log)
{
    private const short FirstWithMany = 4;
    private const short FirstWithFenced = 2;
    private const short WithBump = 2;
    private const short WithoutBump = 0;

    protected override async ValueTask HandleAsync(Exchange exchange, AddPartitionsToTxnRequest request, AddPartitionsToTxnResponse response)
    {
        var access = exchange.Access;
        if (exchange.Version < FirstWithMany)
        {
            var asked = OfClient(request);
            var result = Refused(access, asked) ?? await AskAsync(asked, WithoutBump).ConfigureAwait(false);
            foreach (var topic in result.TopicResults)
            {
                foreach (var partition in topic.ResultsByPartition)
                {
                    if (exchange.Version < FirstWithFenced && partition.PartitionErrorCode == ErrorCode.ProducerFenced) partition.PartitionErrorCode = ErrorCode.InvalidProducerEpoch;
                }

                response.ResultsByTopicV3AndBelow.Add(topic);
            }

            return;
        }

        // Nodes ask so.
        access.Require(AclOperation.ClusterAction, AclResource.Cluster, Access.Cluster);
        for (var i = 0; i < request.Transactions.Count; i++) response.ResultsByTransaction.Add(await AskAsync(request.Transactions[i], WithBump).ConfigureAwait(false));
    }

    protected override void Refuse(AddPartitionsToTxnRequest request, AddPartitionsToTxnResponse response, ErrorCode error, string? message)
    {
        response.ErrorCode = error;
        foreach (var topic in request.V3AndBelowTopics) response.ResultsByTopicV3AndBelow.Add(Row(topic, _ => error));
    }

    /// <returns>Null where nothing of it is forbidden: one topic keeps all from it.</returns>
    private AddPartitionsToTxnResponse.Transaction? Refused(in Access access, AddPartitionsToTxnRequest.Transaction asked)
    {
        if (!access.Allows(AclOperation.Write, AclResource.TransactionalId, asked.TransactionalId)) return Result(asked, static (_, _) => ErrorCode.TransactionalIdAuthorizationFailed);
        HashSet<string>? forbidden = null;
        foreach (var topic in asked.Topics)
        {
            // What lies there only the coordinators write, whoever asks.
            if (TopicName.IsInternal(topic.Name) || !access.Allows(AclOperation.Write, AclResource.Topic, topic.Name)) (forbidden ??= []).Add(topic.Name);
        }

        return forbidden is null ? null : Result(asked, (topic, number) =>
            forbidden.Contains(topic) ? ErrorCode.TopicAuthorizationFailed : IsMissing(topic, number) ? ErrorCode.UnknownTopicOrPartition : ErrorCode.OperationNotAttempted);
    }

    private async Task<AddPartitionsToTxnResponse.Transaction> AskAsync(AddPartitionsToTxnRequest.Transaction asked, short version)
    {
        if (asked.TransactionalId.Length > 0 && IsAnyMissing(asked))
            return Result(asked, (topic, number) => IsMissing(topic, number) ? ErrorCode.UnknownTopicOrPartition : ErrorCode.OperationNotAttempted);
        var (error, answer) = await transactions.AskAsync<AddPartitionsToTxnResponse>(
            asked.TransactionalId, (machine, reply, outcome) => machine.AddPartitions(asked, version, reply, outcome)).ConfigureAwait(false);
        return error == ErrorCode.None ? answer.ResultsByTransaction[0] : Result(asked, (_, _) => error);
    }

    private bool IsAnyMissing(AddPartitionsToTxnRequest.Transaction asked)
    {
        foreach (var topic in asked.Topics)
        {
            foreach (var number in topic.Partitions)
            {
                if (IsMissing(topic.Name, number)) return true;
            }
        }

        return false;
    }

    private bool IsMissing(string topic, int number) => topics.Find(topic)?.Find(number) is null;

    private static AddPartitionsToTxnRequest.Transaction OfClient(AddPartitionsToTxnRequest request)
    {
        var asked = new AddPartitionsToTxnRequest.Transaction
        {
            TransactionalId = request.V3AndBelowTransactionalId,
            ProducerId = request.V3AndBelowProducerId,
            ProducerEpoch = request.V3AndBelowProducerEpoch,
        };
        foreach (var topic in request.V3AndBelowTopics) asked.Topics.Add(topic);
        return asked;
    }

    private static AddPartitionsToTxnResponse.Transaction Result(AddPartitionsToTxnRequest.Transaction asked, Func<string, int, ErrorCode> error)
    {
        var result = new AddPartitionsToTxnResponse.Transaction { TransactionalId = asked.TransactionalId };
        foreach (var topic in asked.Topics) result.TopicResults.Add(Row(topic, number => error(topic.Name, number)));
        return result;
    }

    private static AddPartitionsToTxnResponse.Topic Row(AddPartitionsToTxnRequest.Topic topic, Func<int, ErrorCode> error)
    {
        var row = new AddPartitionsToTxnResponse.Topic { Name = topic.Name };
        foreach (var number in topic.Partitions)
            row.ResultsByPartition.Add(new AddPartitionsToTxnResponse.Partition { PartitionIndex = number, PartitionErrorCode = error(number) });
        return row;
    }
}
