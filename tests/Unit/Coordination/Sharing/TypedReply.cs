using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>An answer on its way back; the first counts.</summary>
internal sealed class TypedReply<TResponse>(TResponse response, Action<TResponse> done, Action<ErrorCode> failed) : PendingReply<TResponse>(response)
    where TResponse : class, IMessage
{
    private bool _isGiven;

    public override void Send() => Give(() => done(Response));

    public override void Fail(ErrorCode code, string? message) => Give(() => failed(code));

    private void Give(Action how)
    {
        if (_isGiven) return;
        _isGiven = true;
        how();
    }
}
