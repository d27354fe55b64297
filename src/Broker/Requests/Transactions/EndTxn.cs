using Moldau.Broker.Coordinators.Transactions;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Transactions;

/// <summary>EndTxn: answered when the transaction's end is on disk everywhere.</summary>
internal sealed class EndTxn(TransactionShards transactions, NetworkLog log) : TypedHandler<EndTxnRequest, EndTxnResponse>(log)
{
    protected override async ValueTask HandleAsync(Exchange exchange, EndTxnRequest request, EndTxnResponse response)
    {
        exchange.Access.Require(AclOperation.Write, AclResource.TransactionalId, request.TransactionalId);
        var version = exchange.Version;
        var (error, answer) = await transactions.AskAsync<EndTxnResponse>(
            request.TransactionalId, (machine, reply, outcome) => machine.EndTxn(request, version, reply, outcome)).ConfigureAwait(false);
        response.ErrorCode = error != ErrorCode.None ? error : answer.ErrorCode;
        (response.ProducerId, response.ProducerEpoch) = (answer.ProducerId, answer.ProducerEpoch);
    }

    protected override void Refuse(EndTxnRequest request, EndTxnResponse response, ErrorCode error, string? message) => response.ErrorCode = error;
}
