namespace Moldau.Broker.Metadata.Records;

public enum MetadataRecordFault
{
    /// <summary>It is not what any build writes under this key.</summary>
    Damaged,

    /// <summary>A later build wrote it.</summary>
    NewerVersion,
}
