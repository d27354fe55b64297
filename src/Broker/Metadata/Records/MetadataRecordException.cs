namespace Moldau.Broker.Metadata.Records;

/// <summary>Something in the metadata store that this build cannot read. Nothing was touched.</summary>
public sealed class MetadataRecordException(MetadataRecordFault fault, string key, long revision, string reason, Exception? inner = null)
    : Exception($"the metadata record '{key}' of revision {revision}: {reason}", inner)
{
    public MetadataRecordFault Fault { get; } = fault;

    public string Key { get; } = key;

    public long Revision { get; } = revision;
}
