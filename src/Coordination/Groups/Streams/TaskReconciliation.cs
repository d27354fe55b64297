using Moldau.Protocol.Errors;

namespace Moldau.Coordination.Groups.Streams;

/// <summary>
/// Leads a member a step further towards its target: it first gives up what it shall not run, then moves to the target's epoch,
/// then is given what others have released.
/// </summary>
/// <param name="holders">Who may still run what.</param>
/// <param name="owned">What the member says it runs; null where it says nothing.</param>
internal sealed class TaskReconciliation(StreamsMember member, int targetEpoch, MemberTasks target, TaskHolders holders, MemberTasks? owned)
{
    private bool _waits;

    public StreamsMember Next()
    {
        switch (member.State)
        {
            case TaskState.Stable when member.Epoch == targetEpoch:
                return member;
            case TaskState.UnrevokedTasks when owned is null || owned.ContainsAny(member.Revoking):
                return member;
            case TaskState.UnrevokedTasks:
                return Advance(member.Epoch + 1);
            case TaskState.Stable or TaskState.UnreleasedTasks:
                return Advance(member.Epoch);
            default:
                if (owned is not { IsEmpty: true })
                    throw new GroupRefusedException(ErrorCode.FencedMemberEpoch, "The streams group member is in a unknown state. The member must abandon all its tasks and rejoin.");
                return Advance(targetEpoch);
        }
    }

    private StreamsMember Advance(int epoch)
    {
        var process = member.ProcessId;
        var active = Split(member.Assigned.Active, target.Active, targetEpoch, task => holders.IsActive(task) || holders.IsCopiedIn(task, process));
        var standby = Split(member.Assigned.Standby, target.Standby, 0, task => IsIn(task, process));
        var warmup = Split(member.Assigned.Warmup, target.Warmup, 0, task => IsIn(task, process));
        var kept = new MemberTasks(active.Kept, standby.Kept, warmup.Kept);
        var losing = new MemberTasks(active.Lost, standby.Lost, warmup.Lost);
        if (!losing.IsEmpty && (owned is null || owned.ContainsAny(losing)))
            return member.AtEpoch(epoch) with { State = TaskState.UnrevokedTasks, Assigned = kept, Revoking = losing };
        return member.AtEpoch(targetEpoch) with
        {
            State = _waits ? TaskState.UnreleasedTasks : TaskState.Stable,
            Assigned = kept.With(new MemberTasks(active.Added, standby.Added, warmup.Added)),
            Revoking = MemberTasks.Empty,
        };
    }

    private bool IsIn(TaskId task, string process) => holders.IsActiveIn(task, process) || holders.IsCopiedIn(task, process);

    private (TaskSet Kept, TaskSet Lost, TaskSet Added) Split(TaskSet has, TaskSet wanted, int epoch, Func<TaskId, bool> isHeld)
    {
        var missing = wanted.Ids.Where(task => !has.Contains(task)).ToList();
        var free = missing.Where(task => !isHeld(task)).ToList();
        _waits |= free.Count < missing.Count;
        return (TaskSet.Of(has.Where(task => wanted.Contains(task.Key))), TaskSet.Of(has.Where(task => !wanted.Contains(task.Key))), TaskSet.Of(free, epoch));
    }
}
