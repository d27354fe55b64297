using Moldau.Protocol.Errors;

namespace Moldau.Broker.Requests;

/// <summary>A request, or one item of it, that is answered with an error.</summary>
internal sealed class RequestRefusedException(ErrorCode error, string message) : Exception(message)
{
    public ErrorCode Error { get; } = error;
}
