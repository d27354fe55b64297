using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Metadata.Image;

/// <summary>Says what differs between two images, looking only where something was touched.</summary>
internal static class ImageDifference
{
    public static MetadataUpdate Between(MetadataImage before, MetadataImage after, TouchedKeys touched)
    {
        var (deleted, created, partitions) = (new List<TopicImage>(), new List<TopicImage>(), new List<ChangedPartition>());
        foreach (var id in touched.Topics)
        {
            var (old, now) = (before.FindTopic(id), after.FindTopic(id));
            if (now is null && old is { } gone) deleted.Add(gone);
            if (old is null && now is { } born) created.Add(born);
            if (old is { } smaller && now is { } grown) AddNew(smaller, grown, partitions);
        }

        foreach (var (id, number) in touched.Partitions)
        {
            if (before.FindPartition(id, number) is { } old && after.FindPartition(id, number) is { } now && old.Revision != now.Revision)
                partitions.Add(new ChangedPartition(after.FindTopic(id)!.Value, number, old, now));
        }

        var configs = new List<ConfigResource>();
        foreach (var resource in touched.Configs)
        {
            if (before.Configs.GetValueOrDefault(resource)?.Revision != after.Configs.GetValueOrDefault(resource)?.Revision) configs.Add(resource);
        }

        return new MetadataUpdate(before, after, deleted, created, partitions, configs, touched.Kinds);
    }

    private static void AddNew(TopicImage before, TopicImage after, List<ChangedPartition> partitions)
    {
        for (var number = before.PartitionCount; number < after.PartitionCount; number++)
        {
            if (after.Partition(number) is { } state) partitions.Add(new ChangedPartition(after, number, null, state));
        }
    }
}
