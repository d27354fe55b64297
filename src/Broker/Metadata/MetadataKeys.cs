using System.Globalization;
using System.Text;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Metadata;

/// <summary>
/// Under which key each record stands; <see cref="MetadataKey"/> reads them back. Keys are words, so that a person can list
/// what there is of a kind; names that users choose stand last or are escaped.
/// </summary>
public static class MetadataKeys
{
    public const string Cluster = "cluster";
    public const string Features = "features";
    public const string ProducerIds = "producer-ids";
    public const string LatestAddition = "latest-addition";
    public const string ConfigOfAllNodes = "config/nodes";

    public const string Nodes = "node/";
    public const string UncleanStarts = "unclean-start/";
    public const string TopicNames = "topic/";
    public const string Topics = "topic-id/";
    public const string Partitions = "partition/";
    public const string Configs = "config/";
    public const string Credentials = "user/";
    public const string DelegationTokens = "token/";
    public const string Acls = "acl/";
    public const string Quotas = "quota/";

    internal const string QuotaUser = "user";
    internal const string QuotaClientId = "client-id";
    internal const string QuotaAddress = "ip";

    internal static readonly (ConfigScope Scope, string Prefix)[] ConfigPrefixes =
    [
        (ConfigScope.Node, "config/node/"),
        (ConfigScope.Topic, "config/topic/"),
        (ConfigScope.Group, "config/group/"),
        (ConfigScope.ClientMetrics, "config/client-metrics/"),
    ];

    internal static readonly (ScramMechanism Mechanism, string Prefix)[] CredentialPrefixes =
    [
        (ScramMechanism.Sha256, "user/SCRAM-SHA-256/"),
        (ScramMechanism.Sha512, "user/SCRAM-SHA-512/"),
    ];

    public static string Node(int id) => Nodes + Number(id);

    public static string UncleanStart(int node) => UncleanStarts + Number(node);

    public static string TopicName(string name) => TopicNames + name;

    public static string Topic(Uuid id) => Topics + id;

    public static string PartitionsOf(Uuid topic) => $"{Partitions}{topic}/";

    /// <summary>In hexadecimal of one length: a topic's partitions are listed in order, and 256 at a time share a prefix.</summary>
    public static string Partition(Uuid topic, int partition) => string.Create(CultureInfo.InvariantCulture, $"{Partitions}{topic}/{partition:x8}");

    /// <summary>What the keys of 256 partitions begin with.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="block">How many 256 partitions come before them.</param>
    internal static string PartitionBlock(Uuid topic, int block) => string.Create(CultureInfo.InvariantCulture, $"{Partitions}{topic}/{block:x6}");

    public static string Config(ConfigResource resource)
    {
        foreach (var (scope, prefix) in ConfigPrefixes)
        {
            if (scope == resource.Scope) return prefix + resource.Name;
        }

        return ConfigOfAllNodes;
    }

    public static string Credential(ScramUser user)
    {
        foreach (var (mechanism, prefix) in CredentialPrefixes)
        {
            if (mechanism == user.Mechanism) return prefix + user.Name;
        }

        throw new ArgumentOutOfRangeException(nameof(user), user.Mechanism, "no such mechanism");
    }

    public static string DelegationToken(string id) => DelegationTokens + id;

    public static string Acl(Uuid id) => Acls + id;

    /// <summary>Each part as type=name, without a name where it is the default.</summary>
    public static string Quota(QuotaEntity entity)
    {
        var key = new StringBuilder(Quotas);
        Append(key, QuotaUser, entity.User);
        Append(key, QuotaClientId, entity.ClientId);
        Append(key, QuotaAddress, entity.Address);
        return key.Length > Quotas.Length ? key.ToString() : throw new ArgumentException("a quota of nobody: it needs a user, a client id or an address", nameof(entity));
    }

    private static void Append(StringBuilder key, string type, QuotaSubject? subject)
    {
        if (subject is not { } part) return;
        if (key.Length > Quotas.Length) key.Append('/');
        key.Append(type);
        if (part.Name is { } name) key.Append('=').Append(Uri.EscapeDataString(name));
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
