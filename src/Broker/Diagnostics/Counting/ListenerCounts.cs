namespace Moldau.Broker.Diagnostics.Counting;

/// <summary>What has come through one listener. From any thread.</summary>
internal sealed class ListenerCounts
{
    private long _opened;
    private long _closed;
    private long _refused;
    private long _expired;

    public long Opened => Interlocked.Read(ref _opened);

    public long Closed => Interlocked.Read(ref _closed);

    /// <summary>Not let in: there are too many.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Closed because nothing happened on them.</summary>
    public long Expired => Interlocked.Read(ref _expired);

    public void Open() => Interlocked.Increment(ref _opened);

    public void Close() => Interlocked.Increment(ref _closed);

    public void Refuse() => Interlocked.Increment(ref _refused);

    public void Expire() => Interlocked.Increment(ref _expired);
}
