using Moldau.Coordination.Groups.Consumer.Assignors;

namespace Moldau.Coordination.Groups.Streams.Assigning;

/// <summary>
/// Gives each task to one member, and copies of those with state to others, with Kafka's results to the order of its maps: who had a
/// task keeps it up to a fair share, then who had a copy gets it, then processes get what is left by their load for each member.
/// </summary>
/// <param name="members">In the order in which Kafka meets them.</param>
/// <param name="parts">In the order of their ids.</param>
/// <param name="replicas">Standby copies of each task with state.</param>
internal sealed class StickyTaskAssignor(IReadOnlyList<TaskMember> members, IReadOnlyList<TaskPart> parts, int replicas)
{
    private readonly JavaHashMap<string, ProcessLoad> _processes = new(JavaHash.OfText, members.Count);
    private readonly Dictionary<TaskId, TaskMember> _lastActive = [];
    private readonly Dictionary<TaskId, List<TaskMember>> _lastStandby = [];
    private readonly Dictionary<string, (List<TaskId> Active, List<TaskId> Standby)> _given = new(StringComparer.Ordinal);
    private readonly TaskQuota _activeQuota = new(parts.Sum(static part => part.TaskCount), members.Count);
    private readonly TaskQuota _quota = new(parts.Sum(part => part.TaskCount * (part.HasState ? 1 + replicas : 1)), members.Count);

    public Dictionary<string, MemberTasks> Assign()
    {
        foreach (var member in members) Note(member);
        GiveActive([.. TasksOf(parts)]);
        if (replicas > 0) GiveStandby([.. TasksOf(parts.Where(static part => part.HasState))]);
        return _given.ToDictionary(static entry => entry.Key, static entry => new MemberTasks(TaskSet.Of(entry.Value.Active), TaskSet.Of(entry.Value.Standby), TaskSet.Empty), StringComparer.Ordinal);
    }

    private static IEnumerable<TaskId> TasksOf(IEnumerable<TaskPart> parts) =>
        parts.SelectMany(static part => Enumerable.Range(0, part.TaskCount).Select(partition => new TaskId(part.Subtopology, partition)));

    private void Note(TaskMember member)
    {
        if (!_processes.Contains(member.Process)) _processes[member.Process] = new ProcessLoad();
        _processes[member.Process].Add(member.Id);
        _given[member.Id] = ([], []);
        foreach (var task in member.Last.Active.Ids) _lastActive[task] = member;
        foreach (var task in member.Last.Standby.Ids)
        {
            if (!_lastStandby.TryGetValue(task, out var had)) _lastStandby[task] = had = [];
            had.Add(member);
        }
    }

    private void GiveActive(List<TaskId> tasks)
    {
        // The first partitions of all subtopologies go first: what is over a share is spread over them then.
        var left = tasks.OrderBy(static task => task.Partition).ThenBy(static task => task.Subtopology, StringComparer.Ordinal).ToList();
        left.RemoveAll(task => TryKeepActive(_lastActive.GetValueOrDefault(task), task));
        left.RemoveAll(task => TryKeepActive(LeastLoaded(_lastStandby.GetValueOrDefault(task), null), task));
        left.Sort();
        var byLoad = ByLoad();
        foreach (var task in left)
        {
            if (byLoad.Count == 0) throw new AssignorException($"No process available to assign active task {task}.");
            var process = byLoad.Take();
            var (member, count) = process.GiveToLeast(task);
            Given(member, task, count, isActive: true);
            byLoad.Add(process);
        }
    }

    private bool TryKeepActive(TaskMember? member, TaskId task)
    {
        if (member is null || _processes[member.Process].CountOf(member.Id) >= _activeQuota.PerMember) return false;
        Given(member.Id, task, _processes[member.Process].Give(member.Id, task), isActive: true);
        return true;
    }

    private void GiveStandby(List<TaskId> tasks)
    {
        var open = new List<(TaskId Task, int Copies)>();
        foreach (var task in tasks.OrderByDescending(static task => task.Partition).ThenByDescending(static task => task.Subtopology, StringComparer.Ordinal))
        {
            var kept = 0;
            while (kept < replicas && (TryKeepStandby(_lastActive.GetValueOrDefault(task), task) || TryKeepStandby(LeastLoaded(_lastStandby.GetValueOrDefault(task), task), task))) kept++;
            if (kept < replicas) open.Add((task, replicas - kept));
        }

        var byLoad = ByLoad();
        foreach (var (task, copies) in open.OrderByDescending(static entry => entry.Task))
        {
            for (var copy = 0; copy < copies; copy++)
            {
                // There are not enough processes for the rest: as many copies as there may be.
                if (!TryGiveStandby(byLoad, task)) break;
            }
        }
    }

    private bool TryKeepStandby(TaskMember? member, TaskId task)
    {
        if (member is null) return false;
        var process = _processes[member.Process];
        if (process.Has(task) || process.CountOf(member.Id) >= _quota.PerMember) return false;
        Given(member.Id, task, process.Give(member.Id, task), isActive: false);
        return true;
    }

    /// <summary>To the least loaded process that has nothing of the task.</summary>
    private bool TryGiveStandby(JavaHeap<ProcessLoad> byLoad, TaskId task)
    {
        var passed = new Stack<ProcessLoad>();
        var isGiven = false;
        while (!isGiven && byLoad.Count > 0)
        {
            var process = byLoad.Take();
            passed.Push(process);
            if (process.Has(task)) continue;
            var (member, count) = process.GiveToLeast(task);
            Given(member, task, count, isActive: false);
            isGiven = true;
        }

        while (passed.TryPop(out var process)) byLoad.Add(process);
        return isGiven;
    }

    private void Given(string member, TaskId task, int count, bool isActive)
    {
        var given = _given[member];
        (isActive ? given.Active : given.Standby).Add(task);
        if (isActive) _activeQuota.Reached(count);
        _quota.Reached(count);
    }

    /// <summary>Of those that had a copy, the one whose process and who itself have the least.</summary>
    /// <param name="task">One that its process must not have; null where it does not matter.</param>
    private TaskMember? LeastLoaded(List<TaskMember>? had, TaskId? task)
    {
        if (had is null) return null;
        var best = had[0];
        foreach (var member in had.Skip(1))
        {
            var process = _processes[member.Process];
            if (process.Load >= _processes[best.Process].Load || (task is { } copied && process.Has(copied))) continue;
            if (process.CountOf(member.Id) < _processes[best.Process].CountOf(best.Id)) best = member;
        }

        // As with Kafka the first alone says whether anybody keeps a copy.
        return task is { } wanted && _processes[had[0].Process].Has(wanted) ? null : best;
    }

    private JavaHeap<ProcessLoad> ByLoad()
    {
        var heap = new JavaHeap<ProcessLoad>(static (one, other) => one.Load.CompareTo(other.Load));
        foreach (var (_, process) in _processes) heap.Add(process);
        return heap;
    }
}
