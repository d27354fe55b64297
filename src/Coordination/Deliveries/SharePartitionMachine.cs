namespace Moldau.Coordination.Deliveries;

/// <summary>
/// Who has which record of a partition, for one share group: an event and the time go in; acquired ranges, writes of the
/// state and the next deadline come out. What is said of a record counts when it is stored; a deadline that has passed counts
/// at once, and is stored behind that.
/// </summary>
public sealed class SharePartitionMachine(Func<DeliveryRules> rules)
{
    private readonly DeliveryRows _rows = new();
    private long _start;
    private long _done;
    private long _free;
    private bool _isWriting;

    /// <summary>All below is done with.</summary>
    public long Start => _rows.Count > 0 ? _rows[0].First : _start;

    /// <summary>The last offset that was ever given to anybody, or passed over; one less than the start where there is none.</summary>
    public long End => _rows.Count > 0 ? _rows[_rows.Count - 1].Last : _start - 1;

    /// <summary>Records that are out or wait to be delivered again.</summary>
    public long InFlight => End - Start + 1 - _done;

    /// <summary>When <see cref="Elapsed"/> has something to do at the earliest.</summary>
    public long Deadline { get; internal set; } = long.MaxValue;

    /// <summary>Whether there is something to write, and nothing under way.</summary>
    public bool MustWrite => HasChanges && !_isWriting;

    /// <summary>Whether nobody has anything, and everything is stored that is to be: who reads what is stored knows as much.</summary>
    public bool IsAtRest
    {
        get
        {
            if (HasChanges || _isWriting) return false;
            for (var i = 0; i < _rows.Count; i++)
            {
                if (_rows[i].State == DeliveryState.Acquired) return false;
            }

            return true;
        }
    }

    /// <summary>Grows whenever somebody who found nothing may find something.</summary>
    public long Freed { get; private set; }

    internal DeliveryRows Rows => _rows;

    internal DeliveryRules Rules => rules();

    internal bool HasChanges { get; set; }

    /// <summary>Takes what is stored. What it does not tell of lies between and was not said anything of yet.</summary>
    /// <param name="start">The start offset.</param>
    /// <param name="stored">Sorted, without overlaps.</param>
    public void Begin(long start, IEnumerable<StateChange> stored)
    {
        (_start, _free) = (start, start);
        foreach (var range in stored)
        {
            if (range.Last < start) continue;
            var first = Math.Max(range.First, start);
            if (first > End + 1) _rows.Add(new DeliveryRow { First = End + 1, Last = first - 1 });
            var state = range.State == DeliveryState.Acquired ? DeliveryState.Available : range.State;
            _rows.Add(new DeliveryRow { First = first, Last = range.Last, State = state, Count = range.Count });
            if (DeliveryRow.IsEnd(state)) _done += range.Last - first + 1;
        }

        Tidy();
    }

    /// <summary>From where to read the log: the first record that nobody has.</summary>
    public long Next()
    {
        for (var i = _rows.IndexOf(_free); i < _rows.Count; i++)
        {
            if (!_rows[i].IsFree) continue;
            return _free = _rows[i].First;
        }

        return _free = End + 1;
    }

    /// <summary>Whether there is room for more records, or some wait to be delivered again.</summary>
    public bool CanAcquire() => Next() <= End || InFlight < Rules.MostOut;

    /// <summary>Gives somebody what nobody has of the batches that were read.</summary>
    /// <param name="member">Who has them then.</param>
    /// <param name="from">What <see cref="Next"/> has said.</param>
    /// <param name="batches">Read from there; sorted.</param>
    /// <param name="limits">How much he wants.</param>
    /// <param name="now">The time, in milliseconds.</param>
    /// <param name="acquired">Takes what he has got.</param>
    /// <returns>How many records.</returns>
    public long Acquire(string member, long from, ReadOnlySpan<ReadBatch> batches, in AcquireLimits limits, long now, ICollection<AcquiredRange> acquired)
    {
        var acquisition = new Acquisition(this, member, limits, now);
        acquisition.Run(from, batches);
        Tidy();
        foreach (var range in acquisition.Ranges) acquired.Add(range);
        return acquisition.Taken;
    }

    /// <summary>Takes what somebody says of records that he has: all of it, or nothing.</summary>
    /// <param name="member">Who says it.</param>
    /// <param name="ranges">Sorted, without overlaps.</param>
    /// <param name="now">The time, in milliseconds.</param>
    public AcknowledgeResult Acknowledge(string member, IReadOnlyList<AcknowledgedRange> ranges, long now) =>
        new Acknowledging(this, member, now).Run(ranges);

    /// <summary>Somebody has gone: what he has, and has said nothing of, is anybody's.</summary>
    public void Release(string member)
    {
        for (var i = 0; i < _rows.Count; i++)
        {
            if (_rows[i].IsHeld && _rows[i].Holder == member) Lose(ref _rows[i]);
        }

        Tidy();
    }

    /// <summary>Time has passed: what was not said anything of in time is anybody's.</summary>
    public void Elapsed(long now)
    {
        if (now < Deadline) return;
        Deadline = long.MaxValue;
        for (var i = 0; i < _rows.Count; i++)
        {
            ref var row = ref _rows[i];
            if (!row.IsHeld) continue;
            if (row.Deadline <= now) Lose(ref row);
            else Deadline = Math.Min(Deadline, row.Deadline);
        }

        Tidy();
    }

    /// <summary>The log begins there now: what lay below is no more, whoever has it.</summary>
    public void StartMoved(long logStart)
    {
        if (logStart <= Start) return;
        var gone = _rows.IndexOf(logStart);
        for (var i = 0; i < gone; i++)
        {
            if (_rows[i].IsDone) _done -= _rows[i].Size;
        }

        _rows.RemoveFirst(gone);
        if (_rows.Count > 0 && _rows[0].First < logStart)
        {
            if (_rows[0].IsDone) _done -= logStart - _rows[0].First;
            _rows[0].First = logStart;
        }

        _start = logStart;
        Freed++;
        Tidy();
    }

    /// <summary>All that has changed, for one write; <see cref="Stored"/> ends it.</summary>
    public StateWrite TakeWrite()
    {
        _isWriting = true;
        HasChanges = false;
        return StateWriting.Take(this);
    }

    /// <summary>The write has ended.</summary>
    /// <param name="succeeded">Where it has not, what was to count does not: records are his who had them, until their deadline.</param>
    public void Stored(bool succeeded)
    {
        _isWriting = false;
        StateWriting.End(this, succeeded);
        Freed++;
        Tidy();
    }

    /// <summary>Makes a row one that is done with.</summary>
    internal void Finish(ref DeliveryRow row, DeliveryState state)
    {
        (row.State, row.Holder, row.Deadline) = (state, null, 0);
        _done += row.Size;
    }

    /// <summary>Makes a row one that anybody may have.</summary>
    internal void Free(ref DeliveryRow row)
    {
        (row.State, row.Holder, row.Deadline) = (DeliveryState.Available, null, 0);
        _free = Math.Min(_free, row.First);
        Freed++;
    }

    /// <summary>What was never given to anybody and never will be, behind the end.</summary>
    internal void AddPassed(long first, long last)
    {
        _rows.Add(new DeliveryRow { First = first, Last = last, State = DeliveryState.Archived });
        _done += last - first + 1;
    }

    private void Lose(ref DeliveryRow row)
    {
        if (row.Count >= Rules.DeliveryLimit) Finish(ref row, DeliveryState.Archived);
        else Free(ref row);
        row.Behind = StoringStep.Waiting;
        HasChanges = true;
    }

    /// <summary>The start moves over what is done with, and neighbours that are alike become one.</summary>
    private void Tidy()
    {
        var gone = 0;
        for (; gone < _rows.Count && _rows[gone].IsDone; gone++)
        {
            _done -= _rows[gone].Size;
            _start = _rows[gone].Last + 1;
        }

        if (gone > 0) Freed++;
        _rows.RemoveFirst(gone);
        _rows.Join();
    }
}
