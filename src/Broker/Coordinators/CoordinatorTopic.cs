using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Partitions;
using Moldau.Broker.Requests.Topics;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Coordinators;

/// <summary>One kind of coordinator: its internal topic, and a shard for each of that topic's partitions.</summary>
/// <param name="name">The topic's.</param>
/// <param name="make">A machine that knows nothing yet.</param>
/// <param name="rules">What the settings say about the topic.</param>
internal sealed class CoordinatorTopic<TMachine>(
    string name, Func<TMachine> make, Func<BrokerSettings, CoordinatorTopicRules> rules, MetadataFollower metadata, TopicCreator creator, CoordinatorParts parts) : IDisposable
    where TMachine : class, IShardMachine
{
    private readonly SemaphoreSlim _one = new(1);
    private volatile ShardRuntime<TMachine>[] _shards = [];

    /// <summary>None before the topic exists.</summary>
    public IReadOnlyList<ShardRuntime<TMachine>> Shards => _shards;

    /// <summary>An event of the shard that has the id.</summary>
    public void Run(string id, PendingReply reply, Action<TMachine, Outcome> action)
    {
        var shards = _shards;
        if (shards.Length == 0) reply.Fail(ErrorCode.NotCoordinator, $"there is no topic '{name}' yet: ask for the coordinator first");
        else shards[ShardNumber.Of(id, shards.Length)].Run(reply, action);
    }

    /// <summary>Null where this node has no such shard.</summary>
    public ShardRuntime<TMachine>? Find(int partition)
    {
        var shards = _shards;
        return (uint)partition < (uint)shards.Length ? shards[partition] : null;
    }

    /// <summary>Makes the topic where it is missing, and its shards.</summary>
    public async Task<(ErrorCode Error, string? Message)> EnsureAsync()
    {
        if (_shards.Length > 0) return (ErrorCode.None, null);
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_shards.Length > 0) return (ErrorCode.None, null);
            if (parts.Topics.Find(name) is null && await CreateAsync().ConfigureAwait(false) is { Error: not ErrorCode.None } failed) return (failed.Error, failed.Message);
            return await LoadAsync().ConfigureAwait(false) ? (ErrorCode.None, null) : (ErrorCode.CoordinatorNotAvailable, $"topic '{name}' is not served yet");
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Makes the shards of a topic that exists, and loads them.</summary>
    /// <returns>False where it does not.</returns>
    public async Task<bool> LoadAsync()
    {
        if (parts.Topics.Find(name) is not { } topic) return false;
        var shards = new ShardRuntime<TMachine>[topic.Partitions.Count];
        for (var number = 0; number < shards.Length; number++)
            shards[number] = new ShardRuntime<TMachine>(topic.Partitions[number], make, () => (Rules.Compression, Rules.LoadBytes), parts);
        var loads = Array.ConvertAll(shards, static shard => shard.LoadAsync());
        _shards = shards;
        await Task.WhenAll(loads).ConfigureAwait(false);
        return true;
    }

    public Task StopAsync(string reason) => Task.WhenAll(Array.ConvertAll(_shards, shard => shard.UnloadAsync(reason)));

    public void Dispose() => _one.Dispose();

    private CoordinatorTopicRules Rules => rules(parts.Settings.Current);

    private async Task<(ErrorCode Error, string? Message)> CreateAsync()
    {
        var (image, wanted) = (metadata.Current, Rules);
        // As many replicas as there are nodes: a cluster of one must be able to start.
        var factor = (short)Math.Min(wanted.Topic.ReplicationFactor, image.Nodes.Count);
        var placement = ReplicaPlacement.Of(wanted.Topic.Partitions, factor, parts.Settings.Current, image);
        var created = await creator.CreateAsync(name, placement.Replicas.Count, placement.Replicas, wanted.Configs).ConfigureAwait(false);
        return created.Error is ErrorCode.None or ErrorCode.TopicAlreadyExists ? (ErrorCode.None, null) : (ErrorCode.CoordinatorNotAvailable, created.Message);
    }
}
