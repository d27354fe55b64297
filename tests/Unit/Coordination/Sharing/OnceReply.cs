using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>The first answer counts.</summary>
internal sealed class OnceReply(Action done, Action<ErrorCode> failed) : PendingReply
{
    private bool _isGiven;

    public override void Send() => Give(done);

    public override void Fail(ErrorCode code, string? message) => Give(() => failed(code));

    private void Give(Action how)
    {
        if (_isGiven) return;
        _isGiven = true;
        how();
    }
}
