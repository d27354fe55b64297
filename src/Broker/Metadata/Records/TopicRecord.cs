namespace Moldau.Broker.Metadata.Records;

/// <summary>
/// A topic's way from its first partition to its last: the first record put for it and the last one deleted, so that
/// whatever there is of a topic can be found from here.
/// </summary>
public sealed record TopicRecord(string Name, int Partitions, TopicState State) : MetadataRecord, IMetadataRecord
{
    public static int NewestVersion => 1;

    public string? Fault() => Name.Length == 0 ? "an empty name" : Partitions < 1 ? $"{Partitions} partitions" : null;
}
