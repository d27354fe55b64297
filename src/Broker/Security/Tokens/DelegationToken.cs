using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Security.Tokens;

/// <summary>A token that there is.</summary>
/// <param name="Id">The name by which one enters with it.</param>
internal readonly record struct DelegationToken(string Id, DelegationTokenRecord Record)
{
    private const string UserPrefix = Principal.UserType + ":";

    public bool IsOver(long now) => Record.ExpiresAt < now || Record.LastsUntil < now;

    /// <summary>Whose it is, as rules and quotas have him.</summary>
    public string OwnerName => Record.Owner.StartsWith(UserPrefix, StringComparison.Ordinal) ? Record.Owner[UserPrefix.Length..] : Record.Owner;

    public bool MayBeChangedBy(string principal) => Record.Owner == principal || Record.Renewers.Contains(principal);

    public bool BelongsTo(string principal) => Record.Owner == principal || Record.Requester == principal || Record.Renewers.Contains(principal);
}
