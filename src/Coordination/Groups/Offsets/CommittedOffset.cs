using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Offsets;

/// <summary>What a group has stored for a partition.</summary>
/// <param name="Offset">The next to read.</param>
/// <param name="LeaderEpoch">Of the last record read; -1 where it is not known.</param>
/// <param name="Committed">Milliseconds since 1970.</param>
/// <param name="Expires">Where it has an expiry of its own, as commits before version 5 may; else -1.</param>
/// <param name="TopicId">Zero where it was not known.</param>
/// <param name="Order">Greater than that of every record before it.</param>
public sealed record CommittedOffset(long Offset, int LeaderEpoch, string Metadata, long Committed, long Expires, Uuid TopicId, long Order);
