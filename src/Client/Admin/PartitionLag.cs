namespace Moldau.Client.Admin;

/// <summary>A partition that a group reads.</summary>
/// <param name="Where">Which.</param>
/// <param name="Committed">The next offset the group will read; null where it has stored none.</param>
/// <param name="End">Behind the partition's last record; null where that could not be found out.</param>
/// <param name="Holder">The member that has it; null where none has.</param>
public sealed record PartitionLag(TopicPartition Where, long? Committed, long? End, GroupMember? Holder)
{
    /// <summary>Records still to be read.</summary>
    public long? Lag => End - Committed;
}
