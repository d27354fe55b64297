using System.Collections.Immutable;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata.Image;

/// <summary>
/// All metadata as of one revision, in memory and typed: what whoever answers a request reads, without waiting. Never
/// changed; the next one shares what is the same.
/// </summary>
public sealed class MetadataImage
{
    private readonly ImageContent _content;

    private MetadataImage(long revision, ImageContent content)
    {
        Revision = revision;
        _content = content;
    }

    public static MetadataImage Empty { get; } = new(0, ImageContent.Empty);

    public long Revision { get; }

    public ClusterRecord? Cluster => _content.Cluster?.Record;

    public FeaturesRecord? Features => _content.Features?.Record;

    /// <summary>By id; a record's revision is the node's epoch.</summary>
    public ImmutableDictionary<int, Stored<NodeRecord>> Nodes => _content.Nodes;

    public ImmutableDictionary<ConfigResource, Stored<ConfigRecord>> Configs => _content.Configs;

    public ImmutableDictionary<ScramUser, Stored<CredentialRecord>> Credentials => _content.Credentials;

    /// <summary>By the token's id.</summary>
    public ImmutableDictionary<string, Stored<DelegationTokenRecord>> DelegationTokens => _content.DelegationTokens;

    public ImmutableDictionary<Uuid, Stored<AclRecord>> Acls => _content.Acls;

    public ImmutableDictionary<QuotaEntity, Stored<QuotaRecord>> Quotas => _content.Quotas;

    public int TopicCount => _content.Topics.Count;

    /// <summary>In no order.</summary>
    public IEnumerable<TopicImage> Topics
    {
        get
        {
            foreach (var (name, topic) in _content.Topics) yield return Make(name, topic);
        }
    }

    /// <exception cref="MetadataRecordException">A record cannot be read.</exception>
    public static MetadataImage Of(MetadataRange all)
    {
        ArgumentNullException.ThrowIfNull(all);
        var edit = new ImageEdit(ImageContent.Empty, null);
        foreach (var entry in all.Entries) edit.Apply(entry.Key, entry.ModRevision, entry);
        return new MetadataImage(all.Revision, edit.Finish());
    }

    public TopicImage? FindTopic(string name) => _content.Topics.TryGetValue(name, out var topic) ? Make(name, topic) : null;

    public TopicImage? FindTopic(Uuid id) => _content.Names.TryGetValue(id, out var name) ? FindTopic(name) : null;

    public Stored<PartitionRecord>? FindPartition(Uuid topic, int number) => FindTopic(topic)?.Partition(number);

    /// <summary>The partitions that the node is to hold, in no order.</summary>
    public IEnumerable<HostedPartition> PartitionsOn(int node)
    {
        foreach (var topic in Topics)
        {
            for (var number = 0; number < topic.PartitionCount; number++)
            {
                if (topic.Partition(number) is { } state && state.Record.Replicas.Contains(node)) yield return new HostedPartition(topic.Name, topic.Id, number);
            }
        }
    }

    /// <summary>The image after changes that follow it, and what they come to.</summary>
    /// <exception cref="MetadataRecordException">A record cannot be read.</exception>
    internal MetadataUpdate After(FactChanges changes)
    {
        var touched = new TouchedKeys();
        var edit = new ImageEdit(_content, touched);
        foreach (var change in changes.Changes)
        {
            // A watch that was taken up again may say once more what was said.
            if (change.Revision > Revision) edit.Apply(change.Key, change.Revision, change.Entry);
        }

        return ImageDifference.Between(this, new MetadataImage(Math.Max(changes.Through, Revision), edit.Finish()), touched);
    }

    private TopicImage Make(string name, Stored<TopicNameRecord> topic) =>
        new(name, topic, _content.Partitions.GetValueOrDefault(topic.Record.Id) ?? PartitionTable.Empty);
}
