using Moldau.Protocol.Errors;

namespace Moldau.Coordination.Shards;

/// <summary>A reply that waits for its batch. With an error it leaves as that.</summary>
internal readonly record struct HeldReply(PendingReply Reply, ErrorCode Error = ErrorCode.None, string? Message = null)
{
    public void Leave()
    {
        if (Error == ErrorCode.None) Reply.Send();
        else Reply.Fail(Error, Message);
    }
}
