namespace Moldau.Client.Groups;

/// <summary>What a member has to tell its consumer, who answers when it is done.</summary>
/// <param name="Kind">What happens to them.</param>
/// <param name="Partitions">In the order of their names and numbers.</param>
/// <param name="Deadline">When the group waits no longer.</param>
internal sealed record Notice(NoticeKind Kind, IReadOnlyList<TopicPartition> Partitions, long Deadline);
