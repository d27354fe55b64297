namespace Moldau.Coordination.Deliveries;

/// <summary>
/// Who has which record of a partition, for one share group: an event and the time go in; acquired ranges, writes of the
/// state and the next deadline come out. What is said of a record counts when it is stored; a deadline that has passed counts
/// at once, and is stored behind that.
/// </summary>
public sealed class SharePartitionMachine(Func<DeliveryRules> rules)
{
    private readonly DeliveryRows _rows = new();
    private readonly List<long> _first = [];
    private long _start;
    private long _logStart;
    private long _done;
    private long _free;
    private long _dying;
    private bool _isWriting;

    /// <summary>All below is done with.</summary>
    public long Start => _rows.Count > 0 ? _rows[0].First : _start;

    /// <summary>Below it is nothing that could be said anything of.</summary>
    internal long Lowest => Math.Max(Start, _logStart);

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
                if (_rows[i].State == DeliveryState.Acquired || _rows[i].State == DeliveryState.Archiving || _rows[i].Deadline > 0) return false;
            }

            return true;
        }
    }

    /// <summary>Grows whenever somebody who found nothing may find something.</summary>
    public long Freed { get; private set; }

    /// <summary>Whether records wait to be copied as dead letters, or for another try.</summary>
    public bool HasDying => _dying > 0;

    internal DeliveryRows Rows => _rows;

    internal DeliveryRules Rules => rules();

    internal bool HasChanges { get; set; }

    /// <summary>Null where the order of keys does not count.</summary>
    internal KeyLines? Lines { get; private set; }

    /// <summary>From where on keys have to be known, which are not; behind everything where the order of keys does not count.</summary>
    public long Unknown
    {
        get
        {
            FollowRules();
            return Lines?.Known ?? long.MaxValue;
        }
    }

    /// <summary>Takes what is stored. What it does not tell of lies between and was not said anything of yet.</summary>
    /// <param name="start">The start offset.</param>
    /// <param name="stored">Sorted, without overlaps.</param>
    /// <param name="isDecided">The start is one that was decided just now: it is to be stored, or whoever reads the state next would decide anew, and pass over what came meanwhile.</param>
    public void Begin(long start, IEnumerable<StateChange> stored, bool isDecided = false)
    {
        (_start, _free, HasChanges) = (start, start, isDecided);
        foreach (var range in stored)
        {
            if (range.Last < start) continue;
            var first = Math.Max(range.First, start);
            if (first > End + 1) _rows.Add(new DeliveryRow { First = End + 1, Last = first - 1 });
            var state = range.State == DeliveryState.Acquired ? DeliveryState.Available : range.State;
            var reason = state != DeliveryState.Archiving ? DeadReason.None : range.Count >= Rules.DeliveryLimit ? DeadReason.TooOften : DeadReason.Rejected;
            _rows.Add(new DeliveryRow { First = first, Last = range.Last, State = state, Count = range.Count, Reason = reason });
            if (state == DeliveryState.Archiving) _dying += range.Last - first + 1;
            if (DeliveryRow.IsEnd(state)) _done += range.Last - first + 1;
        }

        Tidy();
    }

    /// <summary>
    /// From where to read the log: the first record that nobody has, or where an earlier one's key is not known yet, that.
    /// </summary>
    public long Next()
    {
        FollowRules();
        var free = NextFree();
        if (Lines is not { } lines || lines.Known > End) return free;
        // What is no more and waits to be told as a dead letter: of that nobody can say a key.
        lines.Known = Math.Max(lines.Known, Lowest);
        var i = _rows.IndexOf(lines.Known);
        while (i < _rows.Count && _rows[i].IsDone) i++;
        if (i == _rows.Count) lines.Known = End + 1;
        else lines.Known = Math.Max(lines.Known, _rows[i].First);
        return Math.Min(free, lines.Known);
    }

    private long NextFree()
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
    /// <param name="keys">Asked for batches that reach beyond <see cref="Unknown"/>; null where nothing has a key.</param>
    /// <returns>How many records.</returns>
    public long Acquire(string member, long from, ReadOnlySpan<ReadBatch> batches, in AcquireLimits limits, long now, ICollection<AcquiredRange> acquired, KeysOf? keys = null)
    {
        FollowRules();
        var acquisition = new Acquisition(this, member, limits, now, keys);
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
    public void Release(string member, long now)
    {
        for (var i = 0; i < _rows.Count; i++)
        {
            if (_rows[i].IsHeld && _rows[i].Holder == member) Lose(ref _rows[i], now);
        }

        Tidy();
    }

    /// <summary>Time has passed: what was not said anything of in time is anybody's, and so is what has waited long enough.</summary>
    public void Elapsed(long now)
    {
        if (now < Deadline) return;
        Deadline = long.MaxValue;
        for (var i = 0; i < _rows.Count; i++)
        {
            ref var row = ref _rows[i];
            if (row.Deadline == 0 || row.Change != StoringStep.None) continue;
            if (row.Deadline > now) Watch(row.Deadline);
            else if (row.State == DeliveryState.Acquired) Lose(ref row, now);
            else if (row.State == DeliveryState.Archiving) row.Deadline = 0;
            else Offer(ref row);
        }

        Tidy();
    }

    /// <summary>Tells of records that are to be copied as dead letters: what they became is stored, and nobody copies them yet.</summary>
    /// <param name="most">How many records.</param>
    /// <param name="dead">Takes them, in the order of their offsets.</param>
    public void CollectDead(int most, ICollection<DeadRange> dead)
    {
        for (var i = 0; i < _rows.Count && most > 0 && _dying > 0; i++)
        {
            ref var row = ref _rows[i];
            if (!row.IsDead) continue;
            var last = Math.Min(row.Last, row.First + most - 1);
            dead.Add(new DeadRange(row.First, last, row.Count, row.Reason));
            most -= (int)(last - row.First + 1);
        }
    }

    /// <summary>Copies of dead letters are safe, or will never be made.</summary>
    public void Buried(long first, long last)
    {
        for (var at = first; at <= last;)
        {
            var i = _rows.IndexOf(at);
            var end = Math.Min(last, _rows[i].Last);
            i = _rows.Cut(i, at, end);
            _dying -= _rows[i].Size;
            Finish(ref _rows[i], DeliveryState.Archived);
            _rows[i].Behind = StoringStep.Waiting;
            at = end + 1;
        }

        HasChanges = true;
        Freed++;
        Tidy();
    }

    /// <summary>Dead letters could not be copied: they are told of again then.</summary>
    public void Unburied(long first, long last, long until)
    {
        for (var at = first; at <= last;)
        {
            var i = _rows.IndexOf(at);
            var end = Math.Min(last, _rows[i].Last);
            _rows[_rows.Cut(i, at, end)].Deadline = until;
            at = end + 1;
        }

        Watch(until);
        _rows.Join();
    }

    /// <summary>The log begins there now: what lay below is no more, whoever has it. That dead letters are missing is told where they are copied.</summary>
    public void StartMoved(long logStart)
    {
        if (logStart <= Lowest) return;
        _logStart = logStart;
        if (End + 1 < logStart) AddPassed(End + 1, logStart - 1);
        for (var i = 0; i < _rows.Count && _rows[i].First < logStart; i++)
        {
            if (_rows[i].IsDone || _rows[i].State == DeliveryState.Archiving) continue;
            i = _rows.Cut(i, _rows[i].First, Math.Min(_rows[i].Last, logStart - 1));
            Finish(ref _rows[i], DeliveryState.Archived);
            (_rows[i].Change, _rows[i].Behind) = (StoringStep.None, StoringStep.None);
        }

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
    /// <param name="now">The time, in milliseconds.</param>
    /// <param name="succeeded">Where it has not, what was to count does not: records are his who had them, until their deadline.</param>
    public void Stored(bool succeeded, long now)
    {
        _isWriting = false;
        StateWriting.End(this, succeeded, now);
        Freed++;
        Tidy();
    }

    /// <summary>Makes a row one that is done with.</summary>
    internal void Finish(ref DeliveryRow row, DeliveryState state)
    {
        (row.State, row.Holder, row.Deadline) = (state, null, 0);
        _done += row.Size;
        if (Lines is not { } lines) return;
        // The rows must not move under the caller's hand: who is the first of a line now is told when he is through.
        for (var offset = row.First; offset <= row.Last; offset++)
        {
            if (lines.Remove(offset) is >= 0 and var first) _first.Add(first);
        }
    }

    /// <summary>Makes a row one that anybody may have, at once or when it has waited.</summary>
    internal void Free(ref DeliveryRow row, long now)
    {
        var delay = Rules.DelayOf(row.Count);
        (row.State, row.Holder, row.Deadline) = (DeliveryState.Available, null, delay > 0 ? now + delay : 0);
        if (delay > 0) Watch(row.Deadline);
        else Offer(ref row);
    }

    /// <summary>Nobody is given it any more.</summary>
    internal void GiveUp(ref DeliveryRow row)
    {
        if (Rules.HasDeadLetters) Condemn(ref row, DeadReason.TooOften);
        else Finish(ref row, DeliveryState.Archived);
    }

    /// <summary>Makes a row one of dead letters.</summary>
    internal void Condemn(ref DeliveryRow row, DeadReason reason)
    {
        (row.State, row.Holder, row.Deadline, row.Reason) = (DeliveryState.Archiving, null, 0, reason);
        _dying += row.Size;
    }

    internal void Watch(long deadline) => Deadline = Math.Min(Deadline, deadline);

    /// <summary>What was never given to anybody and never will be, behind the end.</summary>
    internal void AddPassed(long first, long last)
    {
        _rows.Add(new DeliveryRow { First = first, Last = last, State = DeliveryState.Archived });
        _done += last - first + 1;
    }

    private void Lose(ref DeliveryRow row, long now)
    {
        if (row.Count >= Rules.DeliveryLimit) GiveUp(ref row);
        else Free(ref row, now);
        row.Behind = StoringStep.Waiting;
        HasChanges = true;
    }

    private void Offer(ref DeliveryRow row)
    {
        row.Deadline = 0;
        _free = Math.Min(_free, row.First);
        Freed++;
    }

    /// <summary>The order of keys may count since now, or no more.</summary>
    private void FollowRules()
    {
        if (Rules.KeepsKeyOrder == Lines is not null) return;
        Lines = Lines is null ? new KeyLines(Start) : null;
        for (var i = 0; i < _rows.Count; i++) _rows[i].Waits = false;
        _free = Start;
        Freed++;
        _rows.Join();
    }

    /// <summary>Who has become the first of a line waits no longer.</summary>
    private void CallFirst()
    {
        foreach (var offset in _first)
        {
            var i = _rows.IndexOf(offset);
            i = _rows.Cut(i, offset, offset);
            _rows[i].Waits = false;
            if (_rows[i].IsFree) Offer(ref _rows[i]);
        }

        _first.Clear();
    }

    /// <summary>The start moves over what is done with, and neighbours that are alike become one.</summary>
    private void Tidy()
    {
        CallFirst();
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
