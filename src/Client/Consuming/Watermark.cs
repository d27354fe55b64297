namespace Moldau.Client.Consuming;

/// <summary>
/// The lowest offset of a partition that is not done, whatever the order in which things are done: it passes no gap, so what is
/// committed never is more than was done. Ranges are added in the order of their offsets. Whoever shares one locks it.
/// </summary>
internal sealed class Watermark(long start)
{
    private Range[] _line = new Range[4];
    private int _head;
    private int _count;
    private long _end = start;
    private int _endEpoch = -1;
    private long _offset = start;
    private int _underWay;

    /// <summary>Where it began.</summary>
    public long Start { get; } = start;

    /// <summary>What can be committed: the offset, and the epoch of the last record before it.</summary>
    public OffsetPosition Position => new(_offset, Epoch);

    /// <summary>Whether nothing is under way.</summary>
    public bool IsIdle => _underWay == 0;

    private int Epoch { get; set; } = -1;

    /// <summary>These offsets were given out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They lie before what was given out already.</exception>
    public void Add(long first, long next, int epoch)
    {
        if (first < _end || next <= first) throw new ArgumentOutOfRangeException(nameof(first), first, $"offsets to below {next} behind those to below {_end}");
        if (_count == _line.Length) Grow();
        _line[(_head + _count++) & (_line.Length - 1)] = new Range { First = first, Epoch = epoch, EpochBefore = _endEpoch };
        (_end, _endEpoch) = (next, epoch);
        _underWay++;
        Settle();
    }

    /// <summary>There is nothing to give out below this offset that was not.</summary>
    public void Skip(long next, int epoch)
    {
        if (next <= _end) return;
        (_end, _endEpoch) = (next, epoch);
        Settle();
    }

    /// <summary>The range that begins there is done. One that is not known is no error: it was given back before.</summary>
    public void Complete(long first)
    {
        var place = Find(first);
        if (place < 0 || At(place).IsDone) return;
        if (!At(place).IsAbandoned) _underWay--;
        At(place).IsDone = true;
        Settle();
    }

    /// <summary>The range that begins there will not be done by whom it was given to: nothing behind it is committed, and nobody waits for it.</summary>
    public void Abandon(long first)
    {
        var place = Find(first);
        if (place < 0 || At(place).IsDone || At(place).IsAbandoned) return;
        At(place).IsAbandoned = true;
        _underWay--;
    }

    /// <summary>Of the last range only the part before an offset was given out; the rest comes again.</summary>
    /// <param name="first">Where the range begins.</param>
    /// <param name="done">Before this offset it is done.</param>
    /// <param name="next">Before this offset it was given out.</param>
    /// <param name="unfinished">Where what was given out and is not done begins, as a range of its own.</param>
    /// <returns>Whether there is such a range.</returns>
    public bool Cut(long first, long done, long next, out long unfinished)
    {
        unfinished = -1;
        var place = Find(first);
        if (place < 0 || place != _count - 1) return false;
        ref var last = ref At(place);
        _end = next;
        if (next == first)
        {
            _endEpoch = last.EpochBefore;
            _count--;
            if (!last.IsDone && !last.IsAbandoned) _underWay--;
            Settle();
            return false;
        }

        last.First = done;
        if (!last.IsDone && done >= next) _underWay--;
        last.IsDone = done >= next;
        if (!last.IsDone) unfinished = done;
        Settle();
        return unfinished >= 0;
    }

    private void Settle()
    {
        while (_count > 0 && _line[_head].IsDone)
        {
            Epoch = _line[_head].Epoch;
            _head = (_head + 1) & (_line.Length - 1);
            _count--;
        }

        if (_count > 0)
        {
            // Between what is done and what comes next lies nothing, or what nobody is shown.
            _offset = _line[_head].First;
            return;
        }

        if (_offset == _end) return;
        (_offset, Epoch) = (_end, _endEpoch);
    }

    private int Find(long first)
    {
        var (low, high) = (0, _count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var at = At(middle).First;
            if (at == first) return middle;
            if (at < first) low = middle + 1;
            else high = middle - 1;
        }

        return -1;
    }

    private ref Range At(int place) => ref _line[(_head + place) & (_line.Length - 1)];

    private void Grow()
    {
        var larger = new Range[_line.Length * 2];
        for (var i = 0; i < _count; i++) larger[i] = At(i);
        (_line, _head) = (larger, 0);
    }

    private struct Range
    {
        public long First;
        public int Epoch;
        public int EpochBefore;
        public bool IsDone;
        public bool IsAbandoned;
    }
}
