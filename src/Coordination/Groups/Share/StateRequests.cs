using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Share;

/// <summary>What share groups ask of share coordinators: each leaves when the records of its event are committed, and somebody waits for its answer.</summary>
internal sealed class StateRequests(Action<PeerRequest> deliver)
{
    private readonly HashSet<Asked> _open = [];

    /// <param name="request">One of those to share coordinators.</param>
    /// <param name="waiting">Told when the request does not leave, or its answer comes too late.</param>
    /// <param name="answered">An event of its own, with null where nobody answered; it answers who waits.</param>
    /// <param name="outcome">Of this event.</param>
    /// <param name="unsaid">Told where it does not leave.</param>
    public void Ask(IMessage request, PendingReply waiting, Action<IMessage?, Outcome> answered, Outcome outcome, Action? unsaid = null)
    {
        var asked = new Asked(this, deliver, request, waiting, answered, unsaid);
        _open.Add(asked);
        outcome.Send(asked);
    }

    /// <summary>The shard goes: whoever waits for an answer is told so.</summary>
    public void Dropped(Outcome outcome)
    {
        foreach (var asked in _open) outcome.Fail(asked.Waiting, ErrorCode.NotCoordinator, "the coordinator has gone");
        _open.Clear();
    }

    private sealed class Asked(StateRequests owner, Action<PeerRequest> deliver, IMessage request, PendingReply waiting, Action<IMessage?, Outcome> answered, Action? unsaid) : PeerRequest(deliver)
    {
        public PendingReply Waiting => waiting;

        public override IMessage Request => request;

        public override void Answered(IMessage? response, Outcome outcome)
        {
            // It may come twice, or when the shard has given it up.
            if (owner._open.Remove(this)) answered(response, outcome);
        }

        public override void Fail(ErrorCode code, string? message)
        {
            owner._open.Remove(this);
            unsaid?.Invoke();
            waiting.Fail(code, message);
        }
    }
}
