using Moldau.Coordination.Groups.Consumer.Assignors;

namespace Moldau.Coordination.Groups.Streams.Assigning;

/// <summary>What the members of one process have been given so far.</summary>
internal sealed class ProcessLoad
{
    private readonly JavaHashMap<string, int> _counts = new(JavaHash.OfText);
    private readonly HashSet<TaskId> _tasks = [];
    private JavaHeap<(string Member, int Count)>? _byLoad;
    private int _members;

    /// <summary>Tasks a member.</summary>
    public double Load => _members == 0 ? -1 : _tasksGiven / (double)_members;

    private int _tasksGiven;

    public void Add(string member)
    {
        _counts[member] = 0;
        _members++;
    }

    public bool Has(TaskId task) => _tasks.Contains(task);

    public int CountOf(string member) => _counts[member];

    /// <returns>How many the member has then.</returns>
    public int Give(string member, TaskId task)
    {
        // Its order is of before.
        _byLoad = null;
        return Count(member, task);
    }

    /// <returns>The member with the fewest, and how many it has then.</returns>
    public (string Member, int Count) GiveToLeast(TaskId task)
    {
        if (_members == 1)
        {
            var only = _counts.First().Key;
            return (only, Count(only, task));
        }

        if (_byLoad is null)
        {
            _byLoad = new(static (one, other) => one.Count.CompareTo(other.Count));
            foreach (var (member, count) in _counts) _byLoad.Add((member, count));
        }

        var least = _byLoad.Take().Member;
        var given = (least, Count(least, task));
        _byLoad.Add(given);
        return given;
    }

    private int Count(string member, TaskId task)
    {
        _tasksGiven++;
        _tasks.Add(task);
        return _counts[member] = _counts[member] + 1;
    }
}
