namespace Moldau.Broker.Requests;

/// <summary>How often an API was asked, and how long its answers took.</summary>
internal sealed class RequestCounts
{
    private long _started;
    private long _answered;
    private long _milliseconds;

    public long Started => Interlocked.Read(ref _started);

    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>From the request's arrival to its reply, over all of them.</summary>
    public long Milliseconds => Interlocked.Read(ref _milliseconds);

    public void Start() => Interlocked.Increment(ref _started);

    public void Answer(long milliseconds)
    {
        Interlocked.Increment(ref _answered);
        Interlocked.Add(ref _milliseconds, milliseconds);
    }
}
