namespace Moldau.Coordination.Groups.Streams;

/// <summary>What a streams group hands out: one partition of all topics that a subtopology reads.</summary>
internal readonly record struct TaskId(string Subtopology, int Partition) : IComparable<TaskId>
{
    public int CompareTo(TaskId other)
    {
        var order = string.CompareOrdinal(Subtopology, other.Subtopology);
        return order != 0 ? order : Partition.CompareTo(other.Partition);
    }

    public override string ToString() => $"{Subtopology}_{Partition}";
}
