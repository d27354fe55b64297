using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Metadata.Image;

/// <summary>What may differ between two images: where to look.</summary>
internal sealed class TouchedKeys
{
    public HashSet<Uuid> Topics { get; } = [];

    public HashSet<(Uuid Topic, int Partition)> Partitions { get; } = [];

    public HashSet<ConfigResource> Configs { get; } = [];

    public HashSet<MetadataKind> Kinds { get; } = [];

    /// <summary>Everything that either has: after a read that took the place of changes nobody told.</summary>
    public static TouchedKeys Of(MetadataImage before, MetadataImage after)
    {
        var all = new TouchedKeys();
        foreach (var image in (ReadOnlySpan<MetadataImage>)[before, after])
        {
            foreach (var topic in image.Topics)
            {
                all.Topics.Add(topic.Id);
                for (var number = 0; number < topic.PartitionCount; number++) all.Partitions.Add((topic.Id, number));
            }

            all.Configs.UnionWith(image.Configs.Keys);
        }

        all.Kinds.UnionWith(Enum.GetValues<MetadataKind>());
        return all;
    }
}
