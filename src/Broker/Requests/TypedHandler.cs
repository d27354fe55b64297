using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests;

/// <summary>A handler of typed messages, for everything but the data path.</summary>
internal abstract class TypedHandler<TRequest, TResponse>(NetworkLog log) : RequestHandler
    where TRequest : class, IMessage
    where TResponse : class, IMessage
{
    public sealed override void Start(Exchange exchange)
    {
        if (exchange.Row.RunsOnPool) _ = Task.Run(() => RunAsync(exchange));
        else _ = RunAsync(exchange);
    }

    public override void Refuse(Exchange exchange, ErrorCode error, string? message) =>
        Refuse((TRequest)exchange.Request, (TResponse)exchange.Response, error, message);

    protected abstract ValueTask HandleAsync(Exchange exchange, TRequest request, TResponse response);

    protected abstract void Refuse(TRequest request, TResponse response, ErrorCode error, string? message);

    private async Task RunAsync(Exchange exchange)
    {
        try
        {
            await HandleAsync(exchange, (TRequest)exchange.Request, (TResponse)exchange.Response).ConfigureAwait(false);
        }
        catch (RequestRefusedException refused)
        {
            exchange.Fail(refused.Error, refused.Message);
            return;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            log.RequestFailed(exchange.Api.Name, exchange.Version, exchange.Connection.Remote, exchange.ClientId, fault);
            exchange.Fail(ErrorCode.UnknownServerError, "the broker failed at this request; its log says how");
            return;
        }

        exchange.Complete();
    }
}
