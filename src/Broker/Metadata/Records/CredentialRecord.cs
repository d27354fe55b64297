namespace Moldau.Broker.Metadata.Records;

/// <summary>What proves a user's password without holding it (RFC 5802, §3).</summary>
public sealed record CredentialRecord(
    ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> StoredKey, ReadOnlyMemory<byte> ServerKey, int Iterations) : MetadataRecord, IMetadataRecord
{
    public static int NewestVersion => 1;

    public string? Fault() =>
        Salt.IsEmpty || StoredKey.IsEmpty || ServerKey.IsEmpty ? "an empty salt or key" : Iterations < 1 ? $"{Iterations} iterations" : null;
}
