using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;

namespace Moldau.Coordination.Transactions;

/// <summary>Producer ids come from elsewhere; whoever needs one waits for it here.</summary>
internal sealed class FreshIds(Action<PeerRequest> deliver)
{
    private readonly Dictionary<ProducerIdRequest, Action<ErrorCode, Outcome>> _waiting = [];

    /// <param name="outcome">Of the event that needs one.</param>
    /// <param name="goOn">With the id, in an event of its own.</param>
    /// <param name="fail">Where there is none to be had.</param>
    public void Take(Outcome outcome, Action<long, Outcome> goOn, Action<ErrorCode, Outcome> fail)
    {
        ProducerIdRequest? asked = null;
        asked = new ProducerIdRequest(deliver, (id, later) =>
        {
            if (!_waiting.Remove(asked!)) return;
            if (id is { } fresh) goOn(fresh, later);
            else fail(ErrorCode.CoordinatorLoadInProgress, later);
        });
        _waiting.Add(asked, fail);
        outcome.Send(asked);
    }

    /// <summary>The answers will not be looked at any more.</summary>
    public void GiveUp(ErrorCode error, Outcome outcome)
    {
        foreach (var fail in _waiting.Values.ToArray()) fail(error, outcome);
        _waiting.Clear();
    }
}
