using Moldau.Coordination.Shards;

namespace Moldau.Coordination.Groups.Offsets;

/// <summary>Forgets offsets whose retention is over, and with the last of them the group that nobody is in.</summary>
internal sealed class OffsetExpiry(GroupMachine machine)
{
    private static readonly ShardTimer Timer = new("offset-expiry", "");

    public void Loaded(Outcome outcome) => SetTimer(outcome);

    public bool Elapsed(ShardTimer timer, Outcome outcome)
    {
        if (timer != Timer) return false;
        // One offset has nothing to do with another: half of it, after a crash, is some that go the next time.
        outcome.MayBeSplit = true;
        foreach (var group in machine.All.ToList())
        {
            if (!Expire(group, outcome) || group.HasMembers) continue;
            group.Forget(outcome);
        }

        SetTimer(outcome);
        return true;
    }

    /// <returns>Whether none is left.</returns>
    private bool Expire(Group group, Outcome outcome)
    {
        var store = machine.Offsets.Store;
        var retention = machine.Rules().OffsetRetentionMinutes * 60_000L;
        var isEmpty = !store.HasPending(group.Name);
        foreach (var (part, offset) in store.All(group.Name).ToList())
        {
            if (!store.IsPending(group.Name, part) && IsOver(group, part, offset, outcome.Now, retention)) GroupOffsets.Forget(group.Name, part, outcome);
            else isEmpty = false;
        }

        return isEmpty;
    }

    private static bool IsOver(Group group, TopicPart part, CommittedOffset offset, long now, long retention)
    {
        if (group.RetentionStart(part.Topic, offset.Committed) is not { } start) return false;
        return offset.Expires >= 0 ? now >= offset.Expires : now - start >= retention;
    }

    private void SetTimer(Outcome outcome) => outcome.SetTimer(Timer, TimeSpan.FromMilliseconds(machine.Rules().OffsetRetentionInterval));
}
