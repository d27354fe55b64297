namespace Moldau.Client.Seams;

/// <summary>
/// The time of records that are written one behind the other, in milliseconds. Asking a system's clock costs more than encoding a record; so it
/// is asked where <see cref="Ask"/> says so, and else only where the clock's coarse counter, which costs a quarter, has moved on since. Used by
/// one thread at a time. A clock that is not the system's is always asked.
/// </summary>
internal sealed class RecordTime(TimeProvider clock)
{
    private readonly bool _isSystem = ReferenceEquals(clock, TimeProvider.System);
    private long _tick = long.MinValue;
    private long _milliseconds;

    /// <summary>What the clock says.</summary>
    public long Ask()
    {
        if (_isSystem) _tick = Environment.TickCount64;
        return _milliseconds = clock.GetUtcNow().ToUnixTimeMilliseconds();
    }

    /// <summary>At most a tick of the counter behind it: some milliseconds.</summary>
    public long AskRoughly() => _isSystem && Environment.TickCount64 == _tick ? _milliseconds : Ask();
}
