using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Data.Producing;

/// <summary>InitProducerId: a number for an idempotent producer that no other has, ever.</summary>
internal sealed class InitProducerId(ProducerIds ids, NetworkLog log) : TypedHandler<InitProducerIdRequest, InitProducerIdResponse>(log)
{
    private const long NoProducerId = -1;
    private const short NoEpoch = -1;

    protected override async ValueTask HandleAsync(Exchange exchange, InitProducerIdRequest request, InitProducerIdResponse response)
    {
        if (request.TransactionalId is not null)
        {
            Refuse(request, response, request.TransactionalId.Length == 0 ? ErrorCode.InvalidRequest : ErrorCode.CoordinatorNotAvailable, null);
            return;
        }

        if ((request.ProducerId == NoProducerId) != (request.ProducerEpoch == NoEpoch))
        {
            Refuse(request, response, ErrorCode.InvalidRequest, null);
            return;
        }

        response.ProducerId = await ids.NextAsync().ConfigureAwait(false);
        response.ProducerEpoch = 0;
    }

    protected override void Refuse(InitProducerIdRequest request, InitProducerIdResponse response, ErrorCode error, string? message) =>
        (response.ErrorCode, response.ProducerId, response.ProducerEpoch) = (error, NoProducerId, NoEpoch);
}
