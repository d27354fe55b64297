using System.Globalization;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Metadata;

/// <summary>A key as it was found, and what it is about. Each question is for keys of its kind.</summary>
/// <param name="Text">The key.</param>
/// <param name="Revision">Where it was found, for what is said of a key that cannot be read.</param>
public readonly record struct MetadataKey(string Text, long Revision)
{
    private const int IdLength = 22;
    private const int NumberLength = 8;

    private static readonly (MetadataKind Kind, string Prefix)[] Prefixes =
    [
        (MetadataKind.Partition, MetadataKeys.Partitions),
        (MetadataKind.TopicName, MetadataKeys.TopicNames),
        (MetadataKind.Topic, MetadataKeys.Topics),
        (MetadataKind.Config, MetadataKeys.Configs),
        (MetadataKind.Node, MetadataKeys.Nodes),
        (MetadataKind.UncleanStart, MetadataKeys.UncleanStarts),
        (MetadataKind.Credential, MetadataKeys.Credentials),
        (MetadataKind.DelegationToken, MetadataKeys.DelegationTokens),
        (MetadataKind.Acl, MetadataKeys.Acls),
        (MetadataKind.Quota, MetadataKeys.Quotas),
    ];

    /// <exception cref="MetadataRecordException">No key of this build begins so.</exception>
    public MetadataKind Kind()
    {
        foreach (var (kind, prefix) in Prefixes)
        {
            if (Text.StartsWith(prefix, StringComparison.Ordinal)) return kind;
        }

        return Text switch
        {
            MetadataKeys.Cluster => MetadataKind.Cluster,
            MetadataKeys.Features => MetadataKind.Features,
            MetadataKeys.ProducerIds => MetadataKind.ProducerIds,
            MetadataKeys.LatestAddition => MetadataKind.LatestAddition,
            _ => throw new MetadataRecordException(
                MetadataRecordFault.NewerVersion, Text, Revision, "this build knows no such key: use the build that wrote it, or a later one"),
        };
    }

    public int Node()
    {
        var text = Text.AsSpan(Text.IndexOf('/', StringComparison.Ordinal) + 1);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw Unreadable("a node's number at its end");
    }

    public string TopicName() => After(MetadataKeys.TopicNames);

    public Uuid Topic() => Id(Text.AsSpan(MetadataKeys.Topics.Length));

    public Uuid Acl() => Id(Text.AsSpan(MetadataKeys.Acls.Length));

    public string DelegationToken() => After(MetadataKeys.DelegationTokens);

    public (Uuid Topic, int Partition) Partition()
    {
        var rest = Text.AsSpan(MetadataKeys.Partitions.Length);
        if (rest.Length == IdLength + 1 + NumberLength && rest[IdLength] == '/'
            && int.TryParse(rest[(IdLength + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) && number >= 0
            && rest[IdLength..].IndexOfAnyInRange('A', 'F') < 0)
        {
            return (Id(rest[..IdLength]), number);
        }

        throw Unreadable("a topic's id, a slash and 8 lower-case hexadecimal digits behind the first slash");
    }

    public ConfigResource Config()
    {
        if (Text == MetadataKeys.ConfigOfAllNodes) return ConfigResource.AllNodes;
        foreach (var (scope, prefix) in MetadataKeys.ConfigPrefixes)
        {
            if (Text.StartsWith(prefix, StringComparison.Ordinal)) return new ConfigResource(scope, After(prefix));
        }

        throw Unreadable("something this build knows settings of");
    }

    public ScramUser Credential()
    {
        foreach (var (mechanism, prefix) in MetadataKeys.CredentialPrefixes)
        {
            if (Text.StartsWith(prefix, StringComparison.Ordinal)) return new ScramUser(mechanism, After(prefix));
        }

        throw Unreadable("a mechanism this build knows");
    }

    public QuotaEntity Quota()
    {
        var entity = default(QuotaEntity);
        foreach (var part in After(MetadataKeys.Quotas).Split('/'))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var subject = equals < 0 ? QuotaSubject.Default : QuotaSubject.Of(Uri.UnescapeDataString(part[(equals + 1)..]));
            entity = (equals < 0 ? part : part[..equals]) switch
            {
                MetadataKeys.QuotaUser => entity with { User = subject },
                MetadataKeys.QuotaClientId => entity with { ClientId = subject },
                MetadataKeys.QuotaAddress => entity with { Address = subject },
                _ => throw Unreadable("a user, a client id or an address"),
            };
        }

        // Two spellings of one entity would be two limits for it.
        return MetadataKeys.Quota(entity) == Text ? entity : throw Unreadable($"the spelling '{MetadataKeys.Quota(entity)}'");
    }

    private string After(string prefix) => Text[prefix.Length..];

    private Uuid Id(ReadOnlySpan<char> text) => Uuid.TryParse(text, out var id) ? id : throw Unreadable("an id of 22 characters");

    private MetadataRecordException Unreadable(string expected) =>
        new(MetadataRecordFault.Damaged, Text, Revision, $"the key should have {expected}; remove it if nobody knows what it is for");
}
