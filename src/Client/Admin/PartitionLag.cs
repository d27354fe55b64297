namespace Moldau.Client.Admin;

/// <summary>A partition that a group reads.</summary>
/// <param name="Where">Which.</param>
/// <param name="Committed">The next offset the group will read; null where it has stored none. Of a share group: the first that is not done with.</param>
/// <param name="End">Behind the partition's last record; null where that could not be found out.</param>
/// <param name="Holder">The member that has it; null where none has, and in share groups, where several may.</param>
public sealed record PartitionLag(TopicPartition Where, long? Committed, long? End, GroupMember? Holder)
{
    /// <summary>Records still to be read, or in a share group to be done with, which need not be neighbours; null where that is not known.</summary>
    public long? Lag { get; init; } = End - Committed;
}
