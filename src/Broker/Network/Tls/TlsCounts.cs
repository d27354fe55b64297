namespace Moldau.Broker.Network.Tls;

/// <summary>How handshakes have ended since the start.</summary>
internal sealed class TlsCounts
{
    private long _completed;
    private long _notTls;
    private long _refused;
    private long _timedOut;
    private long _broken;
    private long _onPlain;
    private int _underWay;

    public long Completed => Interlocked.Read(ref _completed);

    /// <summary>What came first was no TLS: a client that speaks without it, or somebody who looks for open doors.</summary>
    public long NotTls => Interlocked.Read(ref _notTls);

    /// <summary>The client's certificate was missing or not good.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public long TimedOut => Interlocked.Read(ref _timedOut);

    /// <summary>Both sides had nothing in common, or the other one went away or sent what no handshake has.</summary>
    public long Broken => Interlocked.Read(ref _broken);

    /// <summary>TLS that came to a listener without it.</summary>
    public long OnPlain => Interlocked.Read(ref _onPlain);

    /// <summary>Handshakes that have begun and not ended.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    public void Begin() => Interlocked.Increment(ref _underWay);

    public void CountOnPlain() => Interlocked.Increment(ref _onPlain);

    public void End(TlsOutcome outcome)
    {
        Interlocked.Decrement(ref _underWay);
        switch (outcome)
        {
            case TlsOutcome.Completed:
                Interlocked.Increment(ref _completed);
                break;
            case TlsOutcome.NotTls:
                Interlocked.Increment(ref _notTls);
                break;
            case TlsOutcome.Refused:
                Interlocked.Increment(ref _refused);
                break;
            case TlsOutcome.TimedOut:
                Interlocked.Increment(ref _timedOut);
                break;
            default:
                Interlocked.Increment(ref _broken);
                break;
        }
    }
}
