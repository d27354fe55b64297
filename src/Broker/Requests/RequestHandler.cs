using Moldau.Protocol.Errors;

namespace Moldau.Broker.Requests;

/// <summary>
/// Serves one API. It is one object for all requests: what belongs to a request is in its exchange. When
/// <see cref="Start"/> returns, the request has taken its place before every later one of its connection; what it then
/// waits for may take as long as it likes.
/// </summary>
internal abstract class RequestHandler
{
    /// <summary>Called on the connection's lane, which must not be kept waiting. Ends in <see cref="Exchange.Complete"/>, then or later.</summary>
    public abstract void Start(Exchange exchange);

    /// <summary>Fills the response with an error for everything that was asked for.</summary>
    public abstract void Refuse(Exchange exchange, ErrorCode error, string? message);
}
