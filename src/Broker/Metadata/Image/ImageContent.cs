using System.Collections.Immutable;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Metadata.Image;

/// <summary>What an image holds. Each part is a tree of which a change copies one path.</summary>
internal sealed record ImageContent
{
    public static ImageContent Empty { get; } = new();

    public Stored<ClusterRecord>? Cluster { get; init; }

    public Stored<FeaturesRecord>? Features { get; init; }

    public ImmutableDictionary<int, Stored<NodeRecord>> Nodes { get; init; } = ImmutableDictionary<int, Stored<NodeRecord>>.Empty;

    public ImmutableDictionary<string, Stored<TopicNameRecord>> Topics { get; init; } = ImmutableDictionary.Create<string, Stored<TopicNameRecord>>(StringComparer.Ordinal);

    /// <summary>Of topics that have one.</summary>
    public ImmutableDictionary<Uuid, string> Names { get; init; } = ImmutableDictionary<Uuid, string>.Empty;

    /// <summary>Also of topics that have no name yet, so that with it they are there at once.</summary>
    public ImmutableDictionary<Uuid, PartitionTable> Partitions { get; init; } = ImmutableDictionary<Uuid, PartitionTable>.Empty;

    public ImmutableDictionary<ConfigResource, Stored<ConfigRecord>> Configs { get; init; } = ImmutableDictionary<ConfigResource, Stored<ConfigRecord>>.Empty;

    public ImmutableDictionary<ScramUser, Stored<CredentialRecord>> Credentials { get; init; } = ImmutableDictionary<ScramUser, Stored<CredentialRecord>>.Empty;

    public ImmutableDictionary<string, Stored<DelegationTokenRecord>> DelegationTokens { get; init; } =
        ImmutableDictionary.Create<string, Stored<DelegationTokenRecord>>(StringComparer.Ordinal);

    public ImmutableDictionary<Uuid, Stored<AclRecord>> Acls { get; init; } = ImmutableDictionary<Uuid, Stored<AclRecord>>.Empty;

    public ImmutableDictionary<QuotaEntity, Stored<QuotaRecord>> Quotas { get; init; } = ImmutableDictionary<QuotaEntity, Stored<QuotaRecord>>.Empty;
}
