using Moldau.Broker.Sharing.DeadLetters;

namespace Moldau.Broker.Sharing;

/// <summary>What the share-partitions of one group have in common.</summary>
internal sealed class ShareGroup(string name, SharingParts parts)
{
    private DeadLetterCopier? _copier;

    public string Name { get; } = name;

    public ShareRules Rules { get; } = new(name, parts.Metadata, parts.Settings);

    public DeadLetterCopier Copier => _copier ??= new DeadLetterCopier(Name, Rules, parts);

    public ShareStateWriter Writer { get; } = new(name, parts);

    /// <summary>How many there are; belongs to the table of them.</summary>
    public int Partitions { get; set; }
}
