using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>What an assignor decides from. It does not change once it is made, so it may be read by another thread.</summary>
/// <param name="Members">In the order of <see cref="MemberOrder"/>.</param>
/// <param name="IsHomogeneous">All members subscribe to the same topics.</param>
/// <param name="PartitionCounts">Of every topic that a member subscribes to.</param>
internal sealed record AssignorInput(IReadOnlyList<AssignorMember> Members, bool IsHomogeneous, IReadOnlyDictionary<Uuid, int> PartitionCounts)
{
    /// <summary>Whether a partition may be given to anybody: those of share groups may when their state is initialized.</summary>
    public Func<Uuid, int, bool> IsAssignable { get; init; } = static (_, _) => true;

    public int PartitionsOf(Uuid topic) =>
        PartitionCounts.TryGetValue(topic, out var count) ? count : throw new AssignorException("Member is subscribed to a non-existent topic");
}
