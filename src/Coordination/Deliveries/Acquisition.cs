namespace Moldau.Coordination.Deliveries;

/// <summary>
/// One acquisition: what nobody has is taken batch by batch, and what lies between batches or in those nobody is given is
/// passed over. Records that were delivered suspiciously often go in small portions, and at last each alone.
/// </summary>
internal sealed class Acquisition(SharePartitionMachine machine, string member, AcquireLimits limits, long now, KeysOf? keys)
{
    private readonly DeliveryRows _rows = machine.Rows;
    private readonly DeliveryRules _rules = machine.Rules;
    private readonly List<AcquiredRange> _ranges = [];
    private long _most;
    private long _batchFirst;
    private long _batchSize;

    public long Taken { get; private set; }

    public IReadOnlyList<AcquiredRange> Ranges => _ranges;

    public void Run(long from, ReadOnlySpan<ReadBatch> batches)
    {
        if (batches.IsEmpty || limits.MaxRecords <= 0) return;
        Learn(batches);
        var room = _rules.MostOut - machine.InFlight;
        // Those that wait for another of their key are out already: only what is new needs room.
        _most = machine.Lines is null ? Math.Min(limits.MaxRecords, room) : limits.MaxRecords;
        var upTo = batches[^1].Last;
        var at = Math.Max(machine.Start, from);
        if (room <= 0)
        {
            // As many are out as may be; those that wait to be delivered again are counted among them already.
            if (at > machine.End) return;
            upTo = Math.Min(upTo, machine.End);
            _most = Math.Min(limits.MaxRecords, machine.End - at + 1);
        }

        for (var i = 0; i < batches.Length; i++)
        {
            var batch = batches[i];
            if (batch.Last < at) continue;
            if (batch.First > at) PassOver(at, Math.Min(batch.First - 1, upTo));
            at = Math.Max(at, batch.First);
            if (at > upTo) return;
            var last = Math.Min(batch.Last, upTo);
            (_batchFirst, _batchSize) = (batch.First, batch.Last - batch.First + 1);
            if (batch.IsSkipped) PassOver(at, last);
            else if (!Take(i, at, last) || Taken >= _most) return;
            at = last + 1;
        }
    }

    /// <returns>False where no more is to be taken.</returns>
    private bool Take(int batch, long first, long last)
    {
        for (var i = _rows.IndexOf(first); i < _rows.Count && _rows[i].First <= last; i++)
        {
            ref var row = ref _rows[i];
            if (!row.IsFree) continue;
            var from = Math.Max(row.First, first);
            var size = Math.Min(row.Last, last) - from + 1;
            if (row.Count >= _rules.DeliveryLimit)
            {
                GiveUp(i, from, from + size - 1);
                i = _rows.IndexOf(from + size - 1);
                continue;
            }

            var isSuspect = row.Count >= _rules.SuspectCount;
            if (isSuspect && Taken > 0) return false;
            if (isSuspect) size = Math.Min(size, PortionOf(row));
            if (limits.IsStrict) size = Math.Min(size, _most - Taken);
            i = _rows.Cut(i, from, from + size - 1);
            Hold(ref _rows[i]);
            if (isSuspect || (limits.IsStrict && Taken >= _most)) return false;
        }

        first = Math.Max(first, machine.End + 1);
        return machine.Lines is { } lines ? TakeNew(lines, batch, first, last) : TakeNew(first, last);
    }

    private bool TakeNew(long first, long last)
    {
        if (first > last) return true;
        if (limits.IsStrict) last = Math.Min(last, first + _most - Taken - 1);
        var row = new DeliveryRow { First = first, Last = last };
        Hold(ref row);
        _rows.Add(row);
        return true;
    }

    /// <summary>Whoever has a key that is out already waits. All of the batch that there is room for is known then, and not asked again.</summary>
    private bool TakeNew(KeyLines lines, int batch, long first, long last)
    {
        var end = Math.Min(last, first + _rules.MostOut - machine.InFlight - 1);
        if (first > last) return true;
        var at = first;
        foreach (var key in KeysOf(batch))
        {
            if (key.Offset < first || key.Offset > end || !lines.Add(key)) continue;
            TakeFree(at, key.Offset - 1);
            _rows.Add(new DeliveryRow { First = key.Offset, Last = key.Offset, Waits = true });
            at = key.Offset + 1;
        }

        TakeFree(at, end);
        lines.Known = Math.Max(lines.Known, end + 1);
        return end == last;
    }

    private void TakeFree(long first, long last)
    {
        var held = Math.Min(last, first + _most - Taken - 1);
        if (held >= first)
        {
            var row = new DeliveryRow { First = first, Last = held };
            Hold(ref row);
            _rows.Add(row);
            first = held + 1;
        }

        if (first <= last) _rows.Add(new DeliveryRow { First = first, Last = last });
    }

    /// <summary>Of what has rows already the keys may not be known yet: they were read before a restart, or before the order counted.</summary>
    private void Learn(ReadOnlySpan<ReadBatch> batches)
    {
        if (machine.Lines is not { } lines || lines.Known > machine.End) return;
        var end = machine.End;
        for (var i = 0; i < batches.Length && batches[i].First <= end; i++)
        {
            if (batches[i].IsSkipped || batches[i].Last < lines.Known) continue;
            foreach (var key in KeysOf(i))
            {
                if (key.Offset < lines.Known || key.Offset > end) continue;
                var row = _rows.IndexOf(key.Offset);
                if (_rows[row].IsDone || !lines.Add(key)) continue;
                _rows[_rows.Cut(row, key.Offset, key.Offset)].Waits = true;
            }
        }

        lines.Known = Math.Max(lines.Known, Math.Min(end, batches[^1].Last) + 1);
    }

    private IReadOnlyList<RecordKey> KeysOf(int batch) => keys is null ? [] : keys(batch);

    private void Hold(ref DeliveryRow row)
    {
        row.State = DeliveryState.Acquired;
        row.Count++;
        row.Holder = member;
        row.Deadline = now + _rules.LockDuration;
        machine.Deadline = Math.Min(machine.Deadline, row.Deadline);
        Taken += row.Size;
        Tell(row);
    }

    private void Tell(in DeliveryRow row)
    {
        if (_ranges.Count > 0 && _ranges[^1] is var last && last.Last + 1 == row.First && last.Count == row.Count)
        {
            var isCut = !limits.IsStrict && row.First <= _batchFirst && last.Size >= limits.BatchSize;
            if (!isCut)
            {
                _ranges[^1] = last with { Last = row.Last };
                return;
            }
        }

        _ranges.Add(new AcquiredRange(row.First, row.Last, row.Count));
    }

    /// <summary>Half as many for each delivery more; the last one alone.</summary>
    private long PortionOf(in DeliveryRow row)
    {
        if (_rules.DeliveryLimit > 2 && row.Count == _rules.DeliveryLimit - 1) return 1;
        return Math.Max(1, Math.Max(_batchSize, row.Size) >> Math.Min(62, row.Count - _rules.SuspectCount + 1));
    }

    /// <summary>The limit was lowered since it was delivered last.</summary>
    private void GiveUp(int index, long first, long last)
    {
        index = _rows.Cut(index, first, last);
        _rows[index].Behind = StoringStep.Waiting;
        machine.GiveUp(ref _rows[index]);
        machine.HasChanges = true;
    }

    /// <summary>Whoever has such an offset keeps it. It is not stored: whoever reads the log again finds the same.</summary>
    private void PassOver(long first, long last)
    {
        for (var i = _rows.IndexOf(first); i < _rows.Count && _rows[i].First <= last; i++)
        {
            if (!_rows[i].IsFree) continue;
            i = _rows.Cut(i, Math.Max(_rows[i].First, first), Math.Min(_rows[i].Last, last));
            machine.Finish(ref _rows[i], DeliveryState.Archived);
        }

        var beyond = Math.Max(first, machine.End + 1);
        if (beyond <= last) machine.AddPassed(beyond, last);
    }
}
