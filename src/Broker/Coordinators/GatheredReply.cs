using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Coordinators;

/// <summary>One reply from many shards: it leaves when each has given its part.</summary>
internal sealed class GatheredReply(PendingReply whole)
{
    // One for whoever asks: nothing leaves before all have been asked.
    private int _missing = 1;

    /// <param name="failed">Puts an error in the part's place.</param>
    public PendingReply Part(Action<ErrorCode, string?> failed)
    {
        Interlocked.Increment(ref _missing);
        return new OnePart(this, failed);
    }

    /// <summary>All have been asked, or one has answered.</summary>
    public void Ended()
    {
        if (Interlocked.Decrement(ref _missing) == 0) whole.Send();
    }

    private sealed class OnePart(GatheredReply gathered, Action<ErrorCode, string?> failed) : PendingReply
    {
        private int _isGiven;

        public override void Send()
        {
            if (Interlocked.Exchange(ref _isGiven, 1) == 0) gathered.Ended();
        }

        public override void Fail(ErrorCode code, string? message)
        {
            if (Interlocked.Exchange(ref _isGiven, 1) != 0) return;
            failed(code, message);
            gathered.Ended();
        }
    }
}
