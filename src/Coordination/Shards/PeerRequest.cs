using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Shards;

/// <summary>
/// What a coordinator asks of others. It leaves as a reply does: when everything it was computed from is committed. The
/// answer comes as an event of its own; it may come twice, or never.
/// </summary>
/// <param name="deliver">Takes it there.</param>
public abstract class PeerRequest(Action<PeerRequest> deliver) : PendingReply
{
    public abstract IMessage Request { get; }

    /// <summary>Of the machine that asked, as one of its events.</summary>
    /// <param name="response">Null where there is none.</param>
    /// <param name="outcome">Of that event.</param>
    public abstract void Answered(IMessage? response, Outcome outcome);

    public override void Send() => deliver(this);

    /// <summary>What it was to follow has been taken back; the machine is told of that by itself.</summary>
    public override void Fail(ErrorCode code, string? message)
    {
    }
}
