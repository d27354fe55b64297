using Moldau.Broker.Coordinators.ShareStates;
using Moldau.Broker.Coordinators.Transactions;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Requests.Data.Producing;
using Moldau.Broker.Requests.Topics;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Coordination.Groups;
using Moldau.Coordination.Shards;

namespace Moldau.Broker.Coordinators;

/// <summary>All coordinators of this broker.</summary>
internal sealed class Coordinators : IDisposable
{
    private const string Stopping = "the broker is stopping";

    private readonly CoordinatorParts _parts;
    private readonly GroupSurroundings _surroundings;
    private readonly PeerDelivery _delivery;
    private (BrokerSettings Settings, GroupRules Rules)? _rules;

    public Coordinators(CoordinatorParts parts, MetadataFollower metadata, TopicCreator creator, ProducerIds producerIds, Random chance)
    {
        _parts = parts;
        _surroundings = new GroupSurroundings(metadata, parts.Settings);
        _delivery = new PeerDelivery(() => Peers!, parts.Log);
        ShareStates = new ShareStateShards(parts, metadata, creator, _surroundings.Topics);
        Groups = new CoordinatorTopic<GroupMachine>(TopicName.ConsumerOffsets, shard => MakeGroups(chance, shard), CoordinatorTopicRules.Offsets, metadata, creator, parts);
        Peers = new LocalPeers(producerIds, metadata, () => Transactions!, () => Markers!, () => ShareStates);
        Transactions = new TransactionShards(parts, metadata, creator, _delivery);
        Markers = new MarkerWriter(parts.Topics, Groups, parts.Clock);
        metadata.Subscribe(update => Forget(update.TopicsDeleted));
    }

    public CoordinatorTopic<GroupMachine> Groups { get; }

    public TransactionShards Transactions { get; }

    public ShareStateShards ShareStates { get; }

    public MarkerWriter Markers { get; }

    /// <summary>The way to other brokers; on one node it leads back here.</summary>
    public IPeers Peers { get; }

    /// <summary>Of the topics that exist.</summary>
    public Task LoadAsync() => Task.WhenAll(Groups.LoadAsync(), Transactions.Topic.LoadAsync(), ShareStates.Topic.LoadAsync());

    public Task StopAsync() => Task.WhenAll(Groups.StopAsync(Stopping), Transactions.Topic.StopAsync(Stopping), ShareStates.Topic.StopAsync(Stopping));

    public void Dispose()
    {
        Groups.Dispose();
        Transactions.Dispose();
        ShareStates.Dispose();
    }

    private void Forget(IReadOnlyList<TopicImage> deleted)
    {
        foreach (var topic in deleted)
        {
            ShareStates.Forget(topic);
            foreach (var shard in Groups.Shards)
            {
                shard.Run(new NoReply(), (machine, outcome) =>
                {
                    machine.Offsets.ForgetTopic(topic.Name, topic.Id, outcome);
                    machine.Share.ForgetTopic(topic.Id, outcome);
                });
            }
        }
    }

    private GroupMachine MakeGroups(Random chance, ShardRuntime<GroupMachine> shard)
    {
        var shares = _surroundings.ForShares(request => _delivery.Deliver(shard, request));
        // Each shard draws by itself: a source of chance is not for many threads.
        lock (chance) return new GroupMachine(new UndoLog(), Rules, new Random(chance.Next()), _surroundings.ForConsumers, shares, _surroundings.ForStreams);
    }

    private GroupRules Rules()
    {
        var settings = _parts.Settings.Current;
        if (_rules is { } known && known.Settings == settings) return known.Rules;
        var rules = new GroupRules
        {
            MaxMetadataBytes = settings.Offsets.MaxMetadataBytes,
            OffsetRetentionMinutes = settings.Offsets.RetentionMinutes,
            OffsetRetentionInterval = settings.Offsets.RetentionInterval,
            MaxClassicSize = settings.ClassicGroups.MaxSize,
            MinSessionTimeout = settings.ClassicGroups.MinSessionTimeout,
            MaxSessionTimeout = settings.ClassicGroups.MaxSessionTimeout,
            InitialRebalanceDelay = settings.ClassicGroups.InitialRebalanceDelay,
        };
        _rules = (settings, rules);
        return rules;
    }
}
