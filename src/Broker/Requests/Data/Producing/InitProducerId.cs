using Moldau.Broker.Coordinators.Transactions;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Data.Producing;

/// <summary>InitProducerId: a number that no other producer has, ever; with a transactional id its coordinator gives it.</summary>
internal sealed class InitProducerId(ProducerIds ids, TransactionShards transactions, NetworkLog log) : TypedHandler<InitProducerIdRequest, InitProducerIdResponse>(log)
{
    private const long NoProducerId = -1;
    private const short NoEpoch = -1;

    protected override async ValueTask HandleAsync(Exchange exchange, InitProducerIdRequest request, InitProducerIdResponse response)
    {
        RequireRight(exchange.Access, request.TransactionalId);
        if (request.TransactionalId is "" || (request.ProducerId == NoProducerId) != (request.ProducerEpoch == NoEpoch))
        {
            Refuse(request, response, ErrorCode.InvalidRequest, null);
            return;
        }

        if (request.TransactionalId is { } id)
        {
            var version = exchange.Version;
            var (error, answer) = await transactions.AskAsync<InitProducerIdResponse>(
                id, (machine, reply, outcome) => machine.InitProducerId(request, version, reply, outcome)).ConfigureAwait(false);
            if (error != ErrorCode.None) Refuse(request, response, error, null);
            else (response.ErrorCode, response.ProducerId, response.ProducerEpoch) = (answer.ErrorCode, answer.ProducerId, answer.ProducerEpoch);
            return;
        }

        response.ProducerId = await ids.NextAsync().ConfigureAwait(false);
        response.ProducerEpoch = 0;
    }

    protected override void Refuse(InitProducerIdRequest request, InitProducerIdResponse response, ErrorCode error, string? message) =>
        (response.ErrorCode, response.ProducerId, response.ProducerEpoch) = (error, NoProducerId, NoEpoch);

    /// <summary>Without a transactional id either of two is enough: whoever may write somewhere may write there once.</summary>
    private static void RequireRight(in Access access, string? id)
    {
        if (id is not null) access.Require(AclOperation.Write, AclResource.TransactionalId, id);
        else if (!access.AllowsCluster(AclOperation.IdempotentWrite, isTold: false) && !access.AllowsAny(AclOperation.Write, AclResource.Topic))
            throw Access.Refused(AclOperation.IdempotentWrite, AclResource.Cluster, Access.Cluster);
    }
}
