using System.Collections;

namespace Moldau.Coordination.Groups.Streams;

/// <summary>Tasks in order, each with the member epoch it was given in: 0 where that does not matter. Never changes.</summary>
internal sealed class TaskSet : IReadOnlyCollection<KeyValuePair<TaskId, int>>
{
    private readonly SortedList<TaskId, int> _tasks;

    private TaskSet(SortedList<TaskId, int> tasks) => _tasks = tasks;

    public static TaskSet Empty { get; } = new([]);

    public int Count => _tasks.Count;

    public bool IsEmpty => _tasks.Count == 0;

    public IEnumerable<TaskId> Ids => _tasks.Keys;

    /// <summary>Each subtopology with its partitions and their epochs, in order.</summary>
    public IEnumerable<(string Subtopology, IReadOnlyList<int> Partitions, IReadOnlyList<int> Epochs)> BySubtopology
    {
        get
        {
            for (var at = 0; at < _tasks.Count;)
            {
                var (subtopology, partitions, epochs) = (_tasks.Keys[at].Subtopology, new List<int>(), new List<int>());
                for (; at < _tasks.Count && _tasks.Keys[at].Subtopology == subtopology; at++)
                {
                    partitions.Add(_tasks.Keys[at].Partition);
                    epochs.Add(_tasks.Values[at]);
                }

                yield return (subtopology, partitions, epochs);
            }
        }
    }

    /// <summary>Of one that is named twice the last counts.</summary>
    public static TaskSet Of(IEnumerable<KeyValuePair<TaskId, int>> tasks)
    {
        var sorted = new SortedList<TaskId, int>();
        foreach (var (task, epoch) in tasks) sorted[task] = epoch;
        return sorted.Count == 0 ? Empty : new TaskSet(sorted);
    }

    public static TaskSet Of(IEnumerable<TaskId> tasks, int epoch = 0) => Of(tasks.Select(task => KeyValuePair.Create(task, epoch)));

    public bool Contains(TaskId task) => _tasks.ContainsKey(task);

    public int? EpochOf(TaskId task) => _tasks.TryGetValue(task, out var epoch) ? epoch : null;

    public bool ContainsAny(TaskSet other) => other.Ids.Any(Contains);

    public TaskSet With(TaskSet other) => other.IsEmpty ? this : IsEmpty ? other : Of(this.Concat(other));

    public bool SameAs(TaskSet other) => ReferenceEquals(this, other) || _tasks.SequenceEqual(other._tasks);

    public IEnumerator<KeyValuePair<TaskId, int>> GetEnumerator() => _tasks.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
