using Moldau.Broker.Requests;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Diagnostics.Counting;

/// <summary>What one lane has seen. Only the lane adds, so that nothing of it needs a lock; whoever asks puts the lanes together.</summary>
internal sealed class LaneFigures(RequestInstruments instruments, TimeProvider clock)
{
    private readonly ApiFigures?[] _apis = new ApiFigures?[(short)ApiTable.All[^1].Key + 1];
    private readonly long _since = clock.GetTimestamp();
    private long _idle;
    private long _idleSince;
    private long _told;

    public long Now => clock.GetTimestamp();

    /// <summary>In the unit of <see cref="Now"/>.</summary>
    public long Of(int milliseconds) => milliseconds * (clock.TimestampFrequency / 1000);

    public long Milliseconds(long timestamp) => (long)clock.GetElapsedTime(0, timestamp).TotalMilliseconds;

    /// <summary>Null where nobody has asked for it here.</summary>
    public ApiFigures? Find(ApiKey key) => Volatile.Read(ref _apis[(short)key]);

    public ApiFigures Of(ApiRow row)
    {
        ref var place = ref _apis[(short)row.Api.Key];
        if (place is null) Volatile.Write(ref place, new ApiFigures(row.Api, instruments));
        return place!;
    }

    /// <summary>The lane has nothing to do.</summary>
    public void Rest() => Volatile.Write(ref _idleSince, Now);

    /// <summary>The lane has something to do again.</summary>
    public void Wake()
    {
        if (_idleSince is not (var since and not 0)) return;
        // In this order: whoever reads in between finds too little, and never too much.
        Volatile.Write(ref _idleSince, 0);
        Volatile.Write(ref _idle, _idle + Now - since);
    }

    public TimeSpan Age => clock.GetElapsedTime(_since);

    /// <summary>How long it had nothing to do, what lasts still included.</summary>
    public TimeSpan Idle
    {
        get
        {
            var idle = clock.GetElapsedTime(0, Volatile.Read(ref _idle));
            if (Volatile.Read(ref _idleSince) is var since and not 0) idle += clock.GetElapsedTime(since);
            // What was told before is not taken back.
            var told = Math.Max(Volatile.Read(ref _told), idle.Ticks);
            Volatile.Write(ref _told, told);
            return TimeSpan.FromTicks(told);
        }
    }
}
