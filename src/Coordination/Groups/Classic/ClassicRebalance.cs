using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Classic;

/// <summary>The rounds of a classic group: who must join again, when a generation is complete, who is out.</summary>
internal sealed class ClassicRebalance(GroupMachine machine)
{
    private readonly Func<GroupRules> _rules = machine.Rules;

    /// <summary>A change that asks for a new generation: begins one, or lets the one that forms take it in.</summary>
    public void Request(ClassicGroup group, Outcome outcome)
    {
        if (group.Phase == ClassicState.PreparingRebalance) TryComplete(group, outcome);
        else Prepare(group, outcome);
    }

    public void Prepare(ClassicGroup group, Outcome outcome)
    {
        // Who waits for an assignment of the old generation has to join again.
        if (group.Phase == ClassicState.CompletingRebalance) DropAssignments(group, ErrorCode.RebalanceInProgress, outcome);
        outcome.StopTimer(group.Timers.SyncTimer);
        var isFirst = group.Phase == ClassicState.Empty;
        group.Enter(ClassicState.PreparingRebalance, outcome.Now);
        if (!isFirst)
        {
            if (group.HasAllJoined) Complete(group, outcome);
            else SetJoinTimer(group, group.RebalanceTimeout, outcome);
            return;
        }

        // The members of a new group come one after the other: a round for each would be too many.
        var delay = _rules().InitialRebalanceDelay;
        group.DelayLeft = Math.Max(group.RebalanceTimeout - delay, 0);
        SetJoinTimer(group, delay, outcome);
    }

    /// <summary>Ends the round where all are there; the first of a group ends by its delay alone.</summary>
    public static void TryComplete(ClassicGroup group, Outcome outcome)
    {
        if (group.Phase == ClassicState.PreparingRebalance && !group.WasEmpty && group.HasAllJoined) Complete(group, outcome);
    }

    public void JoinElapsed(ClassicGroup group, Outcome outcome)
    {
        if (group.Phase != ClassicState.PreparingRebalance) return;
        if (group.WasEmpty && group.HasNewMember && group.DelayLeft != 0)
        {
            group.HasNewMember = false;
            var delay = Math.Min(_rules().InitialRebalanceDelay, group.DelayLeft);
            group.DelayLeft = Math.Max(group.DelayLeft - delay, 0);
            SetJoinTimer(group, delay, outcome);
            return;
        }

        Complete(group, outcome);
    }

    /// <summary>Who has not asked for his assignment in time is out.</summary>
    public void SyncElapsed(ClassicGroup group, Outcome outcome)
    {
        if (group.PendingSyncs.Count == 0 || group.Phase is not (ClassicState.CompletingRebalance or ClassicState.Stable)) return;
        foreach (var id in group.PendingSyncs.ToList())
        {
            if (group.Find(id) is { } member) Remove(group, member, outcome);
        }

        Prepare(group, outcome);
    }

    public void SessionElapsed(ClassicGroup group, string id, Outcome outcome)
    {
        if (group.PendingJoins.Remove(id))
        {
            TryComplete(group, outcome);
            return;
        }

        // Who waits for the group to go on has shown that he lives.
        if (group.Find(id) is not { } member || (!member.IsNew && (member.Join is not null || member.Sync is not null))) return;
        RemoveAndGoOn(group, member, outcome);
    }

    public void RemoveAndGoOn(ClassicGroup group, ClassicMember member, Outcome outcome)
    {
        Remove(group, member, outcome);
        Left(group, outcome);
    }

    /// <summary>Somebody has gone.</summary>
    public void Left(ClassicGroup group, Outcome outcome)
    {
        if (group.Phase is ClassicState.Stable or ClassicState.CompletingRebalance) Prepare(group, outcome);
        else TryComplete(group, outcome);
    }

    public static void Remove(ClassicGroup group, ClassicMember member, Outcome outcome)
    {
        var (join, sync) = (member.Join, member.Sync);
        group.Remove(member);
        group.Timers.Stop(member.Id, outcome);
        (member.Join, member.Sync) = (null, null);
        // It is no member any more; where it lives it comes again.
        if (join is not null) ClassicReplies.Fail(join, ErrorCode.UnknownMemberId, member.Id, outcome);
        if (sync is not null) ClassicReplies.Fail(sync, ErrorCode.UnknownMemberId, outcome);
    }

    /// <summary>Nobody has an assignment; who waits for one is told the error.</summary>
    public static void DropAssignments(ClassicGroup group, ErrorCode error, Outcome outcome)
    {
        foreach (var member in group.Members)
        {
            member.Assignment = default;
            if (member.Sync is not { } sync) continue;
            member.Sync = null;
            ClassicReplies.Fail(sync, error, outcome);
            group.Timers.Heard(member, outcome);
        }
    }

    /// <summary>All timers the group's state asks for, begun anew.</summary>
    public static void SetTimers(ClassicGroup group, Outcome outcome)
    {
        foreach (var member in group.Members)
        {
            if (member.IsNew && member.Join is not null) group.Timers.Parked(member, outcome);
            else group.Timers.Heard(member, outcome);
        }

        if (group.Phase == ClassicState.PreparingRebalance) SetJoinTimer(group, group.RebalanceTimeout, outcome);
        else if (group.PendingSyncs.Count > 0) outcome.SetTimer(group.Timers.SyncTimer, TimeSpan.FromMilliseconds(group.RebalanceTimeout));
    }

    private static void Complete(ClassicGroup group, Outcome outcome)
    {
        outcome.StopTimer(group.Timers.JoinTimer);
        foreach (var member in group.Members.Where(static member => member.Join is null && member.InstanceId is null).ToList()) Remove(group, member, outcome);
        if (!HasLeader(group) && group.HasMembers)
        {
            // Static members alone, none of which has come back: their sessions decide.
            SetJoinTimer(group, group.RebalanceTimeout, outcome);
            return;
        }

        group.Generation++;
        group.HasNewMember = false;
        group.PendingSyncs.Clear();
        if (!group.HasMembers)
        {
            Empty(group, outcome);
            return;
        }

        group.Protocol = ProtocolVote.Select(group.Members);
        group.SetTopics(Subscriptions.Of(group));
        group.Enter(ClassicState.CompletingRebalance, outcome.Now);
        foreach (var member in group.Members)
        {
            if (member.Join is { } join)
            {
                group.SetJoin(member, null);
                ClassicReplies.Joined(join, group, member.Id, group.Leader!, withMembers: group.Leader == member.Id, outcome);
            }

            group.Timers.Heard(member, outcome);
            member.IsNew = false;
            group.PendingSyncs.Add(member.Id);
        }

        outcome.SetTimer(group.Timers.SyncTimer, TimeSpan.FromMilliseconds(group.RebalanceTimeout));
    }

    private static void Empty(ClassicGroup group, Outcome outcome)
    {
        (group.Protocol, group.Leader) = (null, null);
        group.SetTopics(null);
        group.Enter(ClassicState.Empty, outcome.Now);
        ClassicRecord.Append(group, outcome);
    }

    /// <summary>The leader computes the assignment: it must be one that is here.</summary>
    private static bool HasLeader(ClassicGroup group)
    {
        if (group.Leader is not { } leader) return false;
        if (group.Find(leader)?.Join is not null) return true;
        if (group.Members.FirstOrDefault(static member => member.Join is not null) is not { } next) return false;
        group.Leader = next.Id;
        return true;
    }

    private static void SetJoinTimer(ClassicGroup group, int milliseconds, Outcome outcome) =>
        outcome.SetTimer(group.Timers.JoinTimer, TimeSpan.FromMilliseconds(milliseconds));
}
