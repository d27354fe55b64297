using Moldau.Broker.Requests;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Coordinators;

/// <summary>
/// A request's reply in the hands of a coordinator. The response is its own, not the exchange's: whoever still fills it when
/// the client has gone does so in vain.
/// </summary>
internal sealed class ExchangeReply<TResponse> : PendingReply<TResponse>
    where TResponse : class, IMessage, new()
{
    private readonly Action<TResponse>? _finish;
    private Exchange? _exchange;

    /// <param name="exchange">Whose reply it is.</param>
    /// <param name="finish">Called with the response before it leaves.</param>
    public ExchangeReply(Exchange exchange, Action<TResponse>? finish = null) : base(new TResponse())
    {
        _finish = finish;
        _exchange = exchange;
        // The request too may be read when the client has gone: neither message is another's afterwards.
        exchange.GivesMessagesAway = true;
        exchange.Hurried = _ => Fail(ErrorCode.NotCoordinator, "the broker is stopping");
        exchange.Abandoned = _ => Fail(ErrorCode.NetworkException, "the client has gone");
    }

    public override void Send()
    {
        if (Interlocked.Exchange(ref _exchange, null) is not { } exchange) return;
        _finish?.Invoke(Response);
        exchange.Answer(Response);
        exchange.Complete();
    }

    public override void Fail(ErrorCode code, string? message) => Interlocked.Exchange(ref _exchange, null)?.Fail(code, message);
}
