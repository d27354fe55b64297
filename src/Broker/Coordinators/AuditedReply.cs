using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Coordinators;

/// <summary>A reply of which the log of changes is told first, also where the client has gone: what it asked for is done.</summary>
internal sealed class AuditedReply<TResponse>(PendingReply<TResponse> inner, Action<TResponse> done) : PendingReply<TResponse>(inner.Response)
    where TResponse : class, IMessage
{
    private int _isGiven;

    public override void Send()
    {
        if (Interlocked.Exchange(ref _isGiven, 1) != 0) return;
        done(Response);
        inner.Send();
    }

    public override void Fail(ErrorCode code, string? message)
    {
        if (Interlocked.Exchange(ref _isGiven, 1) == 0) inner.Fail(code, message);
    }
}
