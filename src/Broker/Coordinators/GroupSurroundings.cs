using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Settings;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Coordination.Groups;
using Moldau.Coordination.Groups.Consumer;
using Moldau.Coordination.Groups.Share;
using Moldau.Coordination.Groups.Streams;
using Moldau.Coordination.Shards;

namespace Moldau.Broker.Coordinators;

/// <summary>What groups ask this broker: its topics, and its settings with those of the group over them.</summary>
internal sealed class GroupSurroundings(MetadataFollower metadata, LiveSettings settings)
{
    private static readonly Dictionary<string, string> NothingOwn = [];

    private volatile TopicDirectory _topics = new(MetadataImage.Empty);

    // Of groups without settings of their own, which is most.
    private volatile Tuple<BrokerSettings, ConsumerRules>? _common;
    private volatile Tuple<BrokerSettings, ShareRules>? _commonShares;
    private volatile Tuple<BrokerSettings, StreamsRules>? _commonStreams;

    public ConsumerSurroundings ForConsumers => new(Rules, Topics);

    public StreamsSurroundings ForStreams => new(Streams, Topics);

    /// <param name="deliver">Takes requests to share coordinators.</param>
    public ShareSurroundings ForShares(Action<PeerRequest> deliver) => new(Shares, Topics, deliver);

    /// <summary>As known now.</summary>
    public ITopicDirectory Topics()
    {
        var (known, image) = (_topics, metadata.Current);
        return ReferenceEquals(known.Image, image) ? known : _topics = new TopicDirectory(image);
    }

    private ConsumerRules Rules(string group)
    {
        var current = settings.Current;
        if (metadata.Current.Configs.ContainsKey(ConfigResource.Group(group)))
            return Of(current, SettingLayers.Values(metadata.Current, ConfigResource.Group(group)));
        if (_common is { } known && known.Item1 == current) return known.Item2;
        var rules = Of(current, NothingOwn);
        _common = Tuple.Create(current, rules);
        return rules;
    }

    private ShareRules Shares(string group)
    {
        var current = settings.Current;
        if (metadata.Current.Configs.ContainsKey(ConfigResource.Group(group)))
            return Shares(current, SettingLayers.Values(metadata.Current, ConfigResource.Group(group)));
        if (_commonShares is { } known && known.Item1 == current) return known.Item2;
        var rules = Shares(current, NothingOwn);
        _commonShares = Tuple.Create(current, rules);
        return rules;
    }

    private StreamsRules Streams(string group)
    {
        var current = settings.Current;
        if (metadata.Current.Configs.ContainsKey(ConfigResource.Group(group)))
            return Streams(current, SettingLayers.Values(metadata.Current, ConfigResource.Group(group)));
        if (_commonStreams is { } known && known.Item1 == current) return known.Item2;
        var rules = Streams(current, NothingOwn);
        _commonStreams = Tuple.Create(current, rules);
        return rules;
    }

    private static StreamsRules Streams(BrokerSettings settings, IReadOnlyDictionary<string, string> own)
    {
        var group = settings.Group(own);
        return new StreamsRules
        {
            SessionTimeout = group.StreamsSessionTimeout,
            HeartbeatInterval = group.StreamsHeartbeatInterval,
            AssignmentInterval = group.StreamsAssignmentInterval,
            InitialRebalanceDelay = group.StreamsInitialRebalanceDelay,
            StandbyReplicas = group.StreamsStandbyReplicas,
            MaxSize = settings.StreamsGroups.MaxSize,
        };
    }

    private static ShareRules Shares(BrokerSettings settings, IReadOnlyDictionary<string, string> own)
    {
        var (common, group) = (settings.ShareGroups, settings.Group(own));
        return new ShareRules
        {
            SessionTimeout = group.ShareSessionTimeout,
            HeartbeatInterval = group.ShareHeartbeatInterval,
            AssignmentInterval = group.ShareAssignmentInterval,
            MaxSize = common.MaxSize,
            InitializeRetryInterval = common.InitializeRetryInterval,
        };
    }

    private static ConsumerRules Of(BrokerSettings settings, IReadOnlyDictionary<string, string> own)
    {
        var (common, group) = (settings.ConsumerGroups, settings.Group(own));
        return new ConsumerRules
        {
            SessionTimeout = group.ConsumerSessionTimeout,
            HeartbeatInterval = group.ConsumerHeartbeatInterval,
            AssignmentInterval = group.ConsumerAssignmentInterval,
            MaxSize = common.MaxSize,
            Assignors = common.Assignors,
            RegexRefreshInterval = common.RegexRefreshInterval,
            Migration = common.Migration switch
            {
                GroupMigration.Bidirectional => MigrationPolicy.Bidirectional,
                GroupMigration.Upgrade => MigrationPolicy.Upgrade,
                GroupMigration.Downgrade => MigrationPolicy.Downgrade,
                _ => MigrationPolicy.Disabled,
            },
        };
    }
}
