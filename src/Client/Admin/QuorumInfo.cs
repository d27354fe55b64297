namespace Moldau.Client.Admin;

/// <summary>Who decides about the cluster, and how far each of them is.</summary>
public sealed record QuorumInfo(int Leader, int LeaderEpoch, long HighWatermark, IReadOnlyList<QuorumInfo.Member> Members)
{
    /// <summary>A voter, or one who only follows.</summary>
    public sealed record Member(int Id, bool IsVoter, long EndOffset);
}
