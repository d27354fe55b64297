using Moldau.Broker.Timing;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Requests.Sharing;

/// <summary>A fetch of one session too many: who is told at once comes again at once. It hinders no stop.</summary>
internal sealed class LateRefusal(Delays delays) : Delay
{
    private Exchange? _exchange;
    private string? _message;

    public void Begin(Exchange exchange, int wait, string message)
    {
        (_exchange, _message) = (exchange, message);
        exchange.Hurried = _ => End();
        exchange.Abandoned = _ => End();
        delays.Schedule(this, wait);
    }

    public override void Elapsed() => Refuse();

    private void End()
    {
        delays.Cancel(this);
        Refuse();
    }

    private void Refuse() => Interlocked.Exchange(ref _exchange, null)?.Fail(ErrorCode.ShareSessionLimitReached, _message);
}
