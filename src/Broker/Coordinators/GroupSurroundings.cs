using Moldau.Broker.Metadata.Image;
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
    private readonly GroupRulesOf<ConsumerRules> _consumers = new(metadata, settings, Consumers);
    private readonly GroupRulesOf<ShareRules> _shares = new(metadata, settings, Shares);
    private readonly GroupRulesOf<StreamsRules> _streams = new(metadata, settings, Streams);
    private volatile TopicDirectory _topics = new(MetadataImage.Empty);

    public ConsumerSurroundings ForConsumers => new(_consumers.Of, Topics);

    public StreamsSurroundings ForStreams => new(_streams.Of, Topics);

    /// <param name="deliver">Takes requests to share coordinators.</param>
    public ShareSurroundings ForShares(Action<PeerRequest> deliver) => new(_shares.Of, Topics, deliver);

    /// <summary>As known now.</summary>
    public ITopicDirectory Topics()
    {
        var (known, image) = (_topics, metadata.Current);
        return ReferenceEquals(known.Image, image) ? known : _topics = new TopicDirectory(image);
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

    private static ConsumerRules Consumers(BrokerSettings settings, IReadOnlyDictionary<string, string> own)
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
