namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>How many members shall share a partition, and how many partitions fall to each.</summary>
internal readonly record struct SharingGoal
{
    private readonly double _each;

    public SharingGoal(int members, int partitions)
    {
        PerPartition = partitions == 0 ? 0 : (members + partitions - 1) / partitions;
        _each = (double)PerPartition * partitions / members;
    }

    public int PerPartition { get; }

    /// <param name="place">The member's among those that share.</param>
    public int Of(int place) => (int)Math.Ceiling(_each * (place + 1)) - (int)Math.Ceiling(_each * place);
}
