namespace Moldau.Broker.Sharing;

/// <summary>What the share-partitions of one group have in common.</summary>
internal sealed class ShareGroup(string name, SharingParts parts)
{
    public string Name { get; } = name;

    public ShareRules Rules { get; } = new(name, parts.Metadata, parts.Settings);

    public ShareStateWriter Writer { get; } = new(name, parts);

    /// <summary>How many there are; belongs to the table of them.</summary>
    public int Partitions { get; set; }
}
