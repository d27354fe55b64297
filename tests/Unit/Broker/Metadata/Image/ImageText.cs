using System.Text;
using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;

namespace Moldau.Unit.Broker.Metadata.Image;

/// <summary>An image's content as lines, through the questions that anybody may ask it.</summary>
internal static class ImageText
{
    public static List<string> Of(MetadataImage image)
    {
        var lines = new List<string>();
        if (image.Cluster is { } cluster) lines.Add(Line("cluster", cluster));
        if (image.Features is { } features) lines.Add(Line("features", features));
        foreach (var (id, node) in image.Nodes) lines.Add(Line(MetadataKeys.Node(id), node));
        foreach (var (resource, config) in image.Configs) lines.Add(Line(MetadataKeys.Config(resource), config));
        foreach (var (user, credential) in image.Credentials) lines.Add(Line(MetadataKeys.Credential(user), credential));
        foreach (var (id, token) in image.DelegationTokens) lines.Add(Line(MetadataKeys.DelegationToken(id), token));
        foreach (var (id, acl) in image.Acls) lines.Add(Line(MetadataKeys.Acl(id), acl));
        foreach (var (entity, quota) in image.Quotas) lines.Add(Line(MetadataKeys.Quota(entity), quota));
        foreach (var topic in image.Topics)
        {
            lines.Add($"{MetadataKeys.TopicName(topic.Name)}@{topic.Revision} {topic.Id} {topic.PartitionCount}");
            for (var number = 0; number < topic.PartitionCount; number++)
            {
                if (topic.Partition(number) is { } state) lines.Add(Line(MetadataKeys.Partition(topic.Id, number), state));
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static string Line<T>(string key, Stored<T> stored)
        where T : class, IMetadataRecord => Line($"{key}@{stored.Revision}", stored.Record);

    private static string Line<T>(string key, T record)
        where T : class, IMetadataRecord => $"{key} {Encoding.UTF8.GetString(RecordCodec.Encode(record))}";
}
