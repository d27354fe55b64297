namespace Moldau.Broker.Timing;

/// <summary>
/// All delays of a broker on one timer: a heap of what waits, and the timer set to the first of it. A delay that is called
/// off leaves the timer as it is: it fires once in vain, which costs less than setting it back each time.
/// </summary>
internal sealed class Delays : IDisposable
{
    private readonly Lock _sync = new();
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private Delay[] _heap = new Delay[16];
    private int _count;
    private long _setTo = long.MaxValue;
    private bool _isClosed;

    public Delays(TimeProvider clock)
    {
        _clock = clock;
        _timer = clock.CreateTimer(static self => ((Delays)self!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Milliseconds of a clock that only goes forward.</summary>
    public long Now => (long)_clock.GetElapsedTime(0, _clock.GetTimestamp()).TotalMilliseconds;

    public int Count
    {
        get
        {
            lock (_sync) return _count;
        }
    }

    /// <summary>From any thread. One that is scheduled already is set anew.</summary>
    public void Schedule(Delay delay, long milliseconds)
    {
        var due = Now + Math.Max(0, milliseconds);
        lock (_sync)
        {
            if (_isClosed) return;
            if (delay.Place != Delay.NotScheduled) Remove(delay);
            delay.Due = due;
            if (_count == _heap.Length) Array.Resize(ref _heap, _count * 2);
            Up(delay, _count++);
            if (due < _setTo) SetTimer(due);
        }
    }

    /// <returns>False where it was not scheduled: it has elapsed, or is about to.</returns>
    public bool Cancel(Delay delay)
    {
        lock (_sync)
        {
            if (delay.Place == Delay.NotScheduled) return false;
            Remove(delay);
            return true;
        }
    }

    public void Dispose()
    {
        lock (_sync)
        {
            _isClosed = true;
            _count = 0;
        }

        _timer.Dispose();
    }

    private void Fire()
    {
        while (TakeDue() is { } delay) delay.Elapsed();
    }

    private Delay? TakeDue()
    {
        lock (_sync)
        {
            _setTo = long.MaxValue;
            if (_count == 0 || _isClosed) return null;
            var first = _heap[0];
            if (first.Due > Now)
            {
                SetTimer(first.Due);
                return null;
            }

            Remove(first);
            return first;
        }
    }

    private void SetTimer(long due)
    {
        _setTo = due;
        // One more: the timer counts whole milliseconds, and would otherwise come just before its time.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, due - Now) + 1), Timeout.InfiniteTimeSpan);
    }

    private void Remove(Delay delay)
    {
        var place = delay.Place;
        delay.Place = Delay.NotScheduled;
        var last = _heap[--_count];
        _heap[_count] = null!;
        if (last == delay) return;
        if (place > 0 && last.Due < _heap[(place - 1) / 2].Due) Up(last, place);
        else Down(last, place);
    }

    private void Up(Delay delay, int place)
    {
        while (place > 0)
        {
            var parent = (place - 1) / 2;
            if (_heap[parent].Due <= delay.Due) break;
            Put(_heap[parent], place);
            place = parent;
        }

        Put(delay, place);
    }

    private void Down(Delay delay, int place)
    {
        while (true)
        {
            var child = (2 * place) + 1;
            if (child >= _count) break;
            if (child + 1 < _count && _heap[child + 1].Due < _heap[child].Due) child++;
            if (_heap[child].Due >= delay.Due) break;
            Put(_heap[child], place);
            place = child;
        }

        Put(delay, place);
    }

    private void Put(Delay delay, int place)
    {
        _heap[place] = delay;
        delay.Place = place;
    }
}
