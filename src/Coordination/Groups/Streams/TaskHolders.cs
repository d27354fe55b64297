using Moldau.Coordination.Shards;

namespace Moldau.Coordination.Groups.Streams;

/// <summary>
/// Which processes may still run each task, whatever they were told to give up. That no task is active twice, and that no two
/// members of a process share a task's state, hangs on it.
/// </summary>
internal sealed class TaskHolders(UndoLog undo)
{
    private readonly DurableMap<TaskId, string> _active = new(undo);
    private readonly DurableMap<(TaskId Task, string Process), bool> _standby = new(undo);
    private readonly DurableMap<(TaskId Task, string Process), bool> _warmup = new(undo);

    public bool IsActive(TaskId task) => _active.Contains(task);

    public bool IsActiveIn(TaskId task, string process) => _active.Find(task) == process;

    public bool IsCopiedIn(TaskId task, string process) => _standby.Contains((task, process)) || _warmup.Contains((task, process));

    public void Change(StreamsMember? from, StreamsMember? to)
    {
        if (from is not null)
        {
            Release(from.Assigned, from.ProcessId);
            Release(from.Revoking, from.ProcessId);
        }

        if (to is null) return;
        Hold(to.Assigned, to.ProcessId);
        Hold(to.Revoking, to.ProcessId);
    }

    private void Hold(MemberTasks tasks, string process)
    {
        foreach (var task in tasks.Active.Ids) _active.Set(task, process);
        foreach (var task in tasks.Standby.Ids) _standby.Set((task, process), true);
        foreach (var task in tasks.Warmup.Ids) _warmup.Set((task, process), true);
    }

    // Another process may have the task by now, where records come in an order of their own: it keeps it.
    private void Release(MemberTasks tasks, string process)
    {
        foreach (var task in tasks.Active.Ids.Where(task => IsActiveIn(task, process)).ToList()) _active.Remove(task);
        foreach (var task in tasks.Standby.Ids) _standby.Remove((task, process));
        foreach (var task in tasks.Warmup.Ids) _warmup.Remove((task, process));
    }
}
