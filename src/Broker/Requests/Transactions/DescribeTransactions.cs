using Moldau.Broker.Coordinators.Transactions;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Transactions;

/// <summary>DescribeTransactions: where transactional ids stand.</summary>
internal sealed class DescribeTransactions(TransactionShards transactions, NetworkLog log) : TypedHandler<DescribeTransactionsRequest, DescribeTransactionsResponse>(log)
{
    protected override async ValueTask HandleAsync(Exchange exchange, DescribeTransactionsRequest request, DescribeTransactionsResponse response)
    {
        var access = exchange.Access;
        for (var i = 0; i < request.TransactionalIds.Count; i++)
        {
            var id = request.TransactionalIds[i];
            if (!access.Allows(AclOperation.Describe, AclResource.TransactionalId, id))
            {
                response.TransactionStates.Add(new DescribeTransactionsResponse.Transaction { TransactionalId = id, ErrorCode = ErrorCode.TransactionalIdAuthorizationFailed });
                continue;
            }

            var (error, answer) = await transactions.AskAsync<DescribeTransactionsResponse>(
                id, (machine, reply, outcome) => machine.Describe(id, reply, outcome)).ConfigureAwait(false);
            if (error == ErrorCode.None) response.TransactionStates.Add(Shortened(access, answer.TransactionStates[0]));
            else response.TransactionStates.Add(new DescribeTransactionsResponse.Transaction { TransactionalId = id, ErrorCode = error });
        }
    }

    /// <summary>Without the topics that whoever asks may not know of.</summary>
    private static DescribeTransactionsResponse.Transaction Shortened(in Access access, DescribeTransactionsResponse.Transaction state)
    {
        if (access.IsOpen) return state;
        var all = state.Topics.ToList();
        state.Topics.Clear();
        foreach (var topic in all)
        {
            if (access.Allows(AclOperation.Describe, AclResource.Topic, topic.Topic, isTold: false)) state.Topics.Add(topic);
        }

        return state;
    }

    protected override void Refuse(DescribeTransactionsRequest request, DescribeTransactionsResponse response, ErrorCode error, string? message)
    {
        foreach (var id in request.TransactionalIds) response.TransactionStates.Add(new DescribeTransactionsResponse.Transaction { TransactionalId = id, ErrorCode = error });
    }
}
