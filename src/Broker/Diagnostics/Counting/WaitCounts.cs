namespace Moldau.Broker.Diagnostics.Counting;

/// <summary>Requests of one kind that wait for something. From any thread.</summary>
internal sealed class WaitCounts
{
    private long _waiting;
    private long _expired;

    public long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>Whose time was over before what they waited for had come.</summary>
    public long Expired => Interlocked.Read(ref _expired);

    public void Begin() => Interlocked.Increment(ref _waiting);

    public void End() => Interlocked.Decrement(ref _waiting);

    public void Expire() => Interlocked.Increment(ref _expired);
}
