namespace Moldau.Broker.Metadata.Records;

/// <summary>
/// Whose metadata this is. It is written before anything else where a cluster begins, and last where one is imported: a
/// store that has keys and not this one was not imported to the end.
/// </summary>
public sealed record ClusterRecord(string ClusterId) : MetadataRecord, IMetadataRecord
{
    public static int NewestVersion => 1;

    public string? Fault() => ClusterId.Length == 0 ? "an empty cluster id" : null;
}
