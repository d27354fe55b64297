namespace Moldau.Broker.Metadata.Records;

/// <summary>A node came up without having gone down, and its partitions' leader epochs are not all raised yet.</summary>
public sealed record UncleanStartRecord : MetadataRecord, IMetadataRecord
{
    public static int NewestVersion => 1;

    public string? Fault() => null;
}
