namespace Moldau.Client.Admin;

/// <summary>A step of a plan: where a group is in a partition, and where it is to go on.</summary>
/// <param name="Where">Which partition.</param>
/// <param name="From">Null where the group has stored nothing of it.</param>
/// <param name="To">The next it will read.</param>
/// <param name="End">Behind the partition's last record.</param>
public readonly record struct OffsetMove(TopicPartition Where, long? From, long To, long End);
