using System.Collections.Immutable;

namespace Moldau.Broker.Metadata.Records;

/// <summary>
/// A token that stands for its owner for a while (KIP-48). What authenticates it is made from its id and the cluster's
/// secret key, so that there is nothing to steal here. Times are milliseconds since 1970.
/// </summary>
/// <param name="Owner">For whom it stands, with the type: User:alice.</param>
/// <param name="Requester">Who asked for it.</param>
/// <param name="Renewers">Who may renew it besides the owner.</param>
public sealed record DelegationTokenRecord(
    string Owner, string Requester, ImmutableArray<string> Renewers, long IssuedAt, long ExpiresAt, long LastsUntil) : MetadataRecord, IMetadataRecord
{
    public static int NewestVersion => 1;

    public string? Fault() => Renewers.IsDefault || Renewers.Contains(null!) ? "no list of renewers, or one with a gap"
        : ExpiresAt > LastsUntil ? $"it expires at {ExpiresAt}, later than it may last, {LastsUntil}" : null;
}
