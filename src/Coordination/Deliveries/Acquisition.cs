namespace Moldau.Coordination.Deliveries;

/// <summary>
/// One acquisition: what nobody has is taken batch by batch, and what lies between batches or in those nobody is given is
/// passed over. Records that were delivered suspiciously often go in small portions, and at last each alone.
/// </summary>
internal sealed class Acquisition(SharePartitionMachine machine, string member, AcquireLimits limits, long now)
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
        _most = Math.Min(limits.MaxRecords, _rules.MostOut - machine.InFlight);
        var upTo = batches[^1].Last;
        var at = Math.Max(machine.Start, from);
        if (_most <= 0)
        {
            // As many are out as may be; those that wait to be delivered again are counted among them already.
            if (at > machine.End) return;
            upTo = Math.Min(upTo, machine.End);
            _most = Math.Min(limits.MaxRecords, machine.End - at + 1);
        }

        foreach (var batch in batches)
        {
            if (batch.Last < at) continue;
            if (batch.First > at) PassOver(at, Math.Min(batch.First - 1, upTo));
            at = Math.Max(at, batch.First);
            if (at > upTo) return;
            var last = Math.Min(batch.Last, upTo);
            (_batchFirst, _batchSize) = (batch.First, batch.Last - batch.First + 1);
            if (batch.IsSkipped) PassOver(at, last);
            else if (!Take(at, last) || Taken >= _most) return;
            at = last + 1;
        }
    }

    /// <returns>False where no more is to be taken.</returns>
    private bool Take(long first, long last)
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

        return TakeNew(Math.Max(first, machine.End + 1), last);
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
        machine.Finish(ref _rows[index], DeliveryState.Archived);
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
