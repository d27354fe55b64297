using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Requests.Cluster;
using Moldau.Broker.Requests.Topics;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Coordination.Shards;
using Moldau.Coordination.Transactions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Coordinators.Transactions;

/// <summary>The transaction coordinators of this broker, and their way to others.</summary>
internal sealed class TransactionShards : IDisposable
{
    private readonly CoordinatorParts _parts;
    private readonly MetadataFollower _metadata;
    private readonly PeerDelivery _delivery;
    private volatile Cached? _rules;

    public TransactionShards(CoordinatorParts parts, MetadataFollower metadata, TopicCreator creator, PeerDelivery delivery)
    {
        (_parts, _metadata, _delivery) = (parts, metadata, delivery);
        Topic = new CoordinatorTopic<TransactionMachine>(TopicName.TransactionState, Make, CoordinatorTopicRules.Transactions, metadata, creator, parts);
    }

    public CoordinatorTopic<TransactionMachine> Topic { get; }

    /// <summary>An event of the coordinator of a transactional id, and its answer.</summary>
    public async Task<(ErrorCode Error, TResponse Response)> AskAsync<TResponse>(string id, Action<TransactionMachine, TaskReply<TResponse>, Outcome> action)
        where TResponse : class, IMessage, new()
    {
        var reply = new TaskReply<TResponse>();
        Topic.Run(id, reply, (machine, outcome) => action(machine, reply, outcome));
        var (error, _) = await reply.Given.ConfigureAwait(false);
        return (error, reply.Response);
    }

    public void Dispose() => Topic.Dispose();

    private TransactionMachine Make(ShardRuntime<TransactionMachine> shard) => new(shard.Partition.LeaderEpoch, Rules, request => _delivery.Deliver(shard, request));

    private TransactionRules Rules()
    {
        var (settings, level) = (_parts.Settings.Current, _metadata.Current.Features?.Levels.GetValueOrDefault(Features.TransactionVersion) ?? 0);
        if (_rules is { } known && known.Settings == settings && known.Rules.Level == level) return known.Rules;
        var transactions = settings.Transactions;
        var rules = new TransactionRules
        {
            Level = level,
            LongestTimeout = transactions.MaxTimeout,
            IdExpiration = transactions.IdExpiration,
            IdExpirationInterval = transactions.IdExpirationInterval,
        };
        _rules = new Cached(settings, rules);
        return rules;
    }

    private sealed record Cached(BrokerSettings Settings, TransactionRules Rules);
}
