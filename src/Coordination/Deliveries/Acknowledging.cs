using Moldau.Protocol.Errors;

namespace Moldau.Coordination.Deliveries;

/// <summary>Acknowledgements of one member: first all of them are looked at, then all are taken.</summary>
internal sealed class Acknowledging(SharePartitionMachine machine, string member, long now)
{
    private readonly DeliveryRows _rows = machine.Rows;
    private readonly DeliveryRules _rules = machine.Rules;
    private bool _mustStore;

    public AcknowledgeResult Run(IReadOnlyList<AcknowledgedRange> ranges)
    {
        var told = -1L;
        foreach (var range in ranges)
        {
            if (range.First <= told) return State($"offset {range.First} is acknowledged twice");
            told = range.Last;
            if (Fault(range) is { } fault) return fault;
        }

        foreach (var range in ranges) Take(range);
        if (_mustStore) machine.HasChanges = true;
        _rows.Join();
        return new AcknowledgeResult(ErrorCode.None, null, _mustStore);
    }

    private static AcknowledgeResult State(string message) => new(ErrorCode.InvalidRecordState, message, false);

    private static AcknowledgeResult Invalid(string message) => new(ErrorCode.InvalidRequest, message, false);

    private AcknowledgeResult? Fault(in AcknowledgedRange range)
    {
        // Done with meanwhile, whatever became of it.
        if (range.Last < machine.Lowest) return null;
        if (_rows.Count == 0) return State($"offsets {range.First} to {range.Last} were given to nobody");
        if (range.First > machine.End || range.Last > machine.End)
            return Invalid($"offsets {range.First} to {range.Last} reach beyond {machine.End}, the last that was given to anybody");
        var first = Math.Max(range.First, machine.Lowest);
        for (var i = _rows.IndexOf(first); i < _rows.Count && _rows[i].First <= range.Last; i++)
        {
            if (Fault(range, _rows[i], first) is { } fault) return fault;
        }

        return null;
    }

    private AcknowledgeResult? Fault(in AcknowledgedRange range, in DeliveryRow row, long first)
    {
        var (from, to) = (Math.Max(row.First, first), Math.Min(row.Last, range.Last));
        if (row.State != DeliveryState.Acquired) return State($"offset {from} is not acquired: it is {(row.IsDone || row.State == DeliveryState.Archiving ? "done with" : "anybody's")}");
        if (row.Change != StoringStep.None) return State($"offset {from} was acknowledged before, and that is being stored");
        if (row.Holder != member) return State($"offset {from} is not acquired by this member, but by another");
        for (var at = from; at <= to; at = range.EndOfType(at, to) + 1)
        {
            var type = range.TypeOf(at);
            if (type is < AcknowledgementType.Gap or > AcknowledgementType.Renew) return Invalid($"{(sbyte)type} is no type of an acknowledgement");
            if (type == AcknowledgementType.Renew && !_rules.AllowsRenewal) return State("the group's share.renew.acknowledge.enable does not allow renewals");
        }

        return null;
    }

    private void Take(in AcknowledgedRange range)
    {
        for (var at = Math.Max(range.First, machine.Lowest); at <= range.Last;)
        {
            var index = _rows.IndexOf(at);
            var end = range.EndOfType(at, Math.Min(_rows[index].Last, range.Last));
            Take(ref _rows[_rows.Cut(index, at, end)], range.TypeOf(at));
            at = end + 1;
        }
    }

    private void Take(ref DeliveryRow row, AcknowledgementType type)
    {
        if (type == AcknowledgementType.Renew)
        {
            row.Deadline = now + _rules.LockDuration;
            machine.Deadline = Math.Min(machine.Deadline, row.Deadline);
            return;
        }

        row.Target = type switch
        {
            AcknowledgementType.Accept => DeliveryState.Acknowledged,
            AcknowledgementType.Release when row.Count < _rules.DeliveryLimit => DeliveryState.Available,
            AcknowledgementType.Gap => DeliveryState.Archived,
            _ => _rules.HasDeadLetters ? DeliveryState.Archiving : DeliveryState.Archived,
        };
        if (row.Target == DeliveryState.Archiving) row.Reason = type == AcknowledgementType.Reject ? DeadReason.Rejected : DeadReason.TooOften;
        row.Change = StoringStep.Waiting;
        _mustStore = true;
    }
}
