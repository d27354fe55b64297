namespace Moldau.Broker.Metadata.Records;

/// <summary>
/// The key that was last put where there had been none. "Missing" can come true a second time; the revision of this record
/// cannot, and so a transaction that compares both is applied at most once, however late it comes.
/// </summary>
public sealed record LatestAdditionRecord(string Key) : MetadataRecord, IMetadataRecord
{
    public static int NewestVersion => 1;

    public string? Fault() => Key.Length == 0 ? "an empty key" : null;
}
