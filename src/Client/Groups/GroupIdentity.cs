namespace Moldau.Client.Groups;

/// <summary>A group's member, as its coordinator knows it now.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="MemberId">The member's id.</param>
/// <param name="GenerationOrEpoch">The group's generation in the classic protocol, the member's epoch in the consumer protocol.</param>
/// <param name="InstanceId">The name by which a static member comes back; null for others.</param>
public sealed record GroupIdentity(string GroupId, string MemberId, int GenerationOrEpoch, string? InstanceId);
