namespace Moldau.Coordination.Groups;

/// <summary>Who commits or fetches offsets, as the request says.</summary>
/// <param name="MemberId">Empty for who is no member.</param>
/// <param name="InstanceId">Null for a dynamic member.</param>
/// <param name="Epoch">A classic group's generation, or a member's epoch; negative for who is no member.</param>
/// <param name="IsTransactional">Whether it comes with a transaction.</param>
/// <param name="Version">The request's.</param>
public readonly record struct OffsetCaller(string MemberId, string? InstanceId, int Epoch, bool IsTransactional = false, short Version = 0);
