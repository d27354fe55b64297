namespace Moldau.Coordination.Deliveries;

/// <summary>What is written of a share-partition, and what becomes of the rows then.</summary>
internal static class StateWriting
{
    public static StateWrite Take(SharePartitionMachine machine)
    {
        var (rows, start, done) = (machine.Rows, machine.Start, 0L);
        var isAtStart = true;
        var changes = new List<StateChange>();
        for (var i = 0; i < rows.Count; i++)
        {
            ref var row = ref rows[i];
            var change = Send(ref row);
            var isDone = row.IsDone || (row.Change == StoringStep.Sent && DeliveryRow.IsEnd(row.Target));
            isAtStart &= isDone;
            // What lies below the new start needs no more words.
            if (isAtStart) start = row.Last + 1;
            else if (change is { } told) Add(changes, told);
            if (isDone && !isAtStart) done += row.Size;
        }

        return new StateWrite(start, (int)Math.Min(int.MaxValue, done), changes);
    }

    public static void End(SharePartitionMachine machine, bool succeeded, long now)
    {
        var rows = machine.Rows;
        // Of what the start has moved over there is no row any more: only where it lies tells of it.
        machine.HasChanges |= !succeeded;
        for (var i = 0; i < rows.Count; i++)
        {
            ref var row = ref rows[i];
            if (row.Behind == StoringStep.Sent) row.Behind = succeeded ? StoringStep.None : StoringStep.Waiting;

            if (row.Change != StoringStep.Sent) continue;
            row.Change = StoringStep.None;
            if (!succeeded) (row.Reason, machine.Deadline) = (DeadReason.None, Math.Min(machine.Deadline, row.Deadline));
            else if (row.Target == DeliveryState.Available) machine.Free(ref row, now);
            else if (row.Target == DeliveryState.Archiving) machine.Condemn(ref row, row.Reason);
            else machine.Finish(ref row, row.Target);
        }
    }

    private static StateChange? Send(ref DeliveryRow row)
    {
        var isBehind = row.Behind == StoringStep.Waiting;
        if (isBehind) row.Behind = StoringStep.Sent;
        if (row.Change == StoringStep.Waiting)
        {
            row.Change = StoringStep.Sent;
            return new StateChange(row.First, row.Last, row.Target, row.Count);
        }

        if (!isBehind) return null;
        // Somebody has them again: that is not stored, the deliveries before it are.
        return row.State == DeliveryState.Acquired
            ? new StateChange(row.First, row.Last, DeliveryState.Available, (short)(row.Count - 1))
            : new StateChange(row.First, row.Last, row.State, row.Count);
    }

    private static void Add(List<StateChange> changes, in StateChange change)
    {
        if (changes.Count > 0 && changes[^1] is var last && last.Last + 1 == change.First && last.State == change.State && last.Count == change.Count)
            changes[^1] = last with { Last = change.Last };
        else changes.Add(change);
    }
}
