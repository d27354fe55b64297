using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Metadata.Records;

/// <summary>A topic exists while this record does: it is put when all its partitions are there, and deleted before any is.</summary>
public sealed record TopicNameRecord(Uuid Id, int Partitions) : MetadataRecord, IMetadataRecord
{
    public static int NewestVersion => 1;

    public string? Fault() => Id.IsZero ? "no id" : Partitions < 1 ? $"{Partitions} partitions" : null;
}
