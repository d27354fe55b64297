namespace Moldau.Client.Telemetry;

/// <summary>Spans of time: how many, how long together, and the longest since that was last taken. Added to by anybody, without a lock.</summary>
internal sealed class Tally
{
    private long _count;
    private long _ticks;
    private long _longest;

    public long Count => Interlocked.Read(ref _count);

    public TimeSpan Total => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    public void Add(TimeSpan span)
    {
        var ticks = Math.Max(0, span.Ticks);
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _ticks, ticks);
        var longest = Interlocked.Read(ref _longest);
        while (ticks > longest)
        {
            var seen = Interlocked.CompareExchange(ref _longest, ticks, longest);
            if (seen == longest) return;
            longest = seen;
        }
    }

    public TimeSpan TakeLongest() => TimeSpan.FromTicks(Interlocked.Exchange(ref _longest, 0));
}
