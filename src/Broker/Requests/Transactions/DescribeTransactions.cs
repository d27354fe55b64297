using Moldau.Broker.Coordinators.Transactions;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Transactions;

/// <summary>DescribeTransactions: where transactional ids stand.</summary>
internal sealed class DescribeTransactions(TransactionShards transactions, NetworkLog log) : TypedHandler<DescribeTransactionsRequest, DescribeTransactionsResponse>(log)
{
    protected override async ValueTask HandleAsync(Exchange exchange, DescribeTransactionsRequest request, DescribeTransactionsResponse response)
    {
        for (var i = 0; i < request.TransactionalIds.Count; i++)
        {
            var id = request.TransactionalIds[i];
            var (error, answer) = await transactions.AskAsync<DescribeTransactionsResponse>(
                id, (machine, reply, outcome) => machine.Describe(id, reply, outcome)).ConfigureAwait(false);
            response.TransactionStates.Add(error == ErrorCode.None ? answer.TransactionStates[0] : new DescribeTransactionsResponse.Transaction { TransactionalId = id, ErrorCode = error });
        }
    }

    protected override void Refuse(DescribeTransactionsRequest request, DescribeTransactionsResponse response, ErrorCode error, string? message)
    {
        foreach (var id in request.TransactionalIds) response.TransactionStates.Add(new DescribeTransactionsResponse.Transaction { TransactionalId = id, ErrorCode = error });
    }
}
