using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Requests.Cluster;

/// <summary>
/// The features a broker can have, with the levels that are served. A level is finalized by default only where all of it is
/// served: clients choose their protocols by it.
/// </summary>
internal static class Features
{
    public const string MetadataVersion = "metadata.version";
    public const string GroupVersion = "group.version";
    public const string KraftVersion = "kraft.version";

    /// <summary>Share groups (KIP-932), with all that keeps them.</summary>
    public const string ShareVersion = "share.version";

    /// <summary>Streams groups (KIP-1071).</summary>
    public const string StreamsVersion = "streams.version";

    public const string TransactionVersion = "transaction.version";

    /// <summary>From level 2 on each end of a transaction raises its producer's epoch (KIP-890).</summary>
    private const short TransactionsWithBump = 2;

    /// <summary>4.3-IV0: the versions of everything that brokers and controllers say to each other.</summary>
    private const short Metadata43 = 30;

    /// <summary>3.3-IV3, the first one of a cluster without ZooKeeper.</summary>
    private const short Metadata33 = 7;

    public static IReadOnlyList<Feature> All { get; } =
    [
        new(GroupVersion, 0, 1, 1),
        new(KraftVersion, 0, 1, 1),
        new(MetadataVersion, Metadata33, Metadata43, Metadata43),
        new(ShareVersion, 0, 1, 1),
        new(StreamsVersion, 0, 1, 1),
        new(TransactionVersion, 0, TransactionsWithBump, TransactionsWithBump),
    ];

    public static Feature? Find(string name) => All.FirstOrDefault(feature => feature.Name == name);

    /// <summary>Refuses a request of KIP-848 where that is switched off.</summary>
    public static void RequireConsumerGroups(MetadataImage image, BrokerSettings settings)
    {
        if (!(image.Features?.Levels.GetValueOrDefault(GroupVersion) > 0)) throw new RequestRefusedException(ErrorCode.UnsupportedVersion, $"{GroupVersion} is not finalized");
        if (!settings.ClassicGroups.Protocols.Contains("consumer"))
            throw new RequestRefusedException(ErrorCode.UnsupportedVersion, "group.coordinator.rebalance.protocols has no 'consumer'");
    }

    /// <summary>Refuses a request of KIP-932 where that is switched off.</summary>
    public static void RequireShareGroups(MetadataImage image)
    {
        if (!(image.Features?.Levels.GetValueOrDefault(ShareVersion) > 0)) throw new RequestRefusedException(ErrorCode.UnsupportedVersion, $"{ShareVersion} is not finalized");
    }

    /// <summary>Refuses a request of KIP-1071 where that is switched off.</summary>
    public static void RequireStreamsGroups(MetadataImage image, BrokerSettings settings)
    {
        if (!(image.Features?.Levels.GetValueOrDefault(StreamsVersion) > 0)) throw new RequestRefusedException(ErrorCode.UnsupportedVersion, $"{StreamsVersion} is not finalized");
        if (!settings.ClassicGroups.Protocols.Contains("streams"))
            throw new RequestRefusedException(ErrorCode.UnsupportedVersion, "group.coordinator.rebalance.protocols has no 'streams'");
    }

    /// <summary>What a new cluster finalizes.</summary>
    public static FeaturesRecord First()
    {
        var levels = new SortedDictionary<string, short>(StringComparer.Ordinal);
        foreach (var feature in All)
        {
            if (feature.Initial > 0) levels.Add(feature.Name, feature.Initial);
        }

        return new FeaturesRecord(0, levels);
    }

    /// <param name="Name">Kafka's.</param>
    /// <param name="Lowest">Level that can be finalized.</param>
    /// <param name="Highest">Level that can be finalized.</param>
    /// <param name="Initial">What a new cluster begins with; 0 for off.</param>
    internal sealed record Feature(string Name, short Lowest, short Highest, short Initial);
}
