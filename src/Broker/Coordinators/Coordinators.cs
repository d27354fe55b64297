using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Requests.Topics;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Coordination.Groups;
using Moldau.Coordination.Groups.Consumer;
using Moldau.Coordination.Shards;

namespace Moldau.Broker.Coordinators;

/// <summary>All coordinators of this broker.</summary>
internal sealed class Coordinators : IDisposable
{
    private readonly CoordinatorParts _parts;
    private readonly ConsumerSurroundings _surroundings;
    private (BrokerSettings Settings, GroupRules Rules)? _rules;

    public Coordinators(CoordinatorParts parts, MetadataFollower metadata, TopicCreator creator, Random chance)
    {
        _parts = parts;
        _surroundings = new GroupSurroundings(metadata, parts.Settings).ForConsumers;
        Groups = new CoordinatorTopic<GroupMachine>("__consumer_offsets", () => MakeGroups(chance), CoordinatorTopicRules.Offsets, metadata, creator, parts);
    }

    public CoordinatorTopic<GroupMachine> Groups { get; }

    /// <summary>Of the topics that exist.</summary>
    public Task LoadAsync() => Groups.LoadAsync();

    public Task StopAsync() => Groups.StopAsync("the broker is stopping");

    public void Dispose() => Groups.Dispose();

    private GroupMachine MakeGroups(Random chance)
    {
        // Each shard draws by itself: a source of chance is not for many threads.
        lock (chance) return new GroupMachine(new UndoLog(), Rules, new Random(chance.Next()), _surroundings);
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
