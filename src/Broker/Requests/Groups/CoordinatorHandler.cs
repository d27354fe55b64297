using Moldau.Broker.Coordinators;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>A handler whose answer a coordinator gives.</summary>
internal abstract class CoordinatorHandler<TRequest, TResponse>(NetworkLog log) : RequestHandler
    where TRequest : class, IMessage
    where TResponse : class, IMessage, new()
{
    public sealed override void Start(Exchange exchange)
    {
        var reply = new ExchangeReply<TResponse>(exchange, FinishOf(exchange.Version));
        try
        {
            Ask(exchange, (TRequest)exchange.Request, reply);
        }
        catch (RequestRefusedException refused)
        {
            reply.Fail(refused.Error, refused.Message);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            log.RequestFailed(exchange.Api.Name, exchange.Version, exchange.Connection.Remote, exchange.ClientId, fault);
            reply.Fail(ErrorCode.UnknownServerError, "the broker failed at this request; its log says how");
        }
    }

    public sealed override void Refuse(Exchange exchange, ErrorCode error, string? message) =>
        Refuse((TRequest)exchange.Request, (TResponse)exchange.Response, error, message);

    /// <summary>The reply may leave before this returns; the exchange is another's then.</summary>
    protected abstract void Ask(Exchange exchange, TRequest request, ExchangeReply<TResponse> reply);

    /// <summary>What the response's version asks for before it leaves; null for nothing.</summary>
    protected virtual Action<TResponse>? FinishOf(short version) => null;

    protected abstract void Refuse(TRequest request, TResponse response, ErrorCode error, string? message);
}
