namespace Moldau.Client.Groups.Assignors;

/// <summary>A member, as the leader of its group sees it.</summary>
/// <param name="Id">The coordinator's name for it.</param>
/// <param name="InstanceId">Of a static member.</param>
/// <param name="Topics">What it reads.</param>
/// <param name="Owned">What it had, as the assignor in question is told it.</param>
/// <param name="Generation">When it had that; -1 where that is not known.</param>
internal sealed record AssignorMember(string Id, string? InstanceId, IReadOnlySet<string> Topics, IReadOnlyList<TopicPartition> Owned, int Generation = -1)
{
    /// <summary>Static members first, by the names that outlive a restart; then the others.</summary>
    public static int Compare(AssignorMember one, AssignorMember other) => (one.InstanceId, other.InstanceId) switch
    {
        ({ } mine, { } theirs) => string.CompareOrdinal(mine, theirs),
        ({ }, null) => -1,
        (null, { }) => 1,
        _ => string.CompareOrdinal(one.Id, other.Id),
    };
}
