using Moldau.Client.Metadata;
using Moldau.Protocol.Errors;

namespace Moldau.Client.Connections;

/// <summary>
/// Asks about many partitions, each of its leader: one request a leader, all at once. What fails for reasons that pass is
/// asked again, of whoever leads by then; the others keep their answers.
/// </summary>
internal sealed class LeaderCalls(KafkaClientOptions options, MetadataCache metadata, RequestRouter router, BackOff backOff)
{
    /// <param name="partitions">What is asked about.</param>
    /// <param name="ask">Asks one leader about some of them and gives back an answer, or an error, for each.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Dictionary<TopicPartition, Outcome<T>>> RunAsync<T>(
        IReadOnlyCollection<TopicPartition> partitions,
        Func<BrokerConnection, IReadOnlyList<(TopicPartition Where, PartitionInfo Info)>, CancellationToken, Task<IEnumerable<(TopicPartition Where, Outcome<T> Outcome)>>> ask,
        CancellationToken cancellation)
    {
        var results = new Dictionary<TopicPartition, Outcome<T>>();
        var left = new HashSet<TopicPartition>(partitions);
        var started = options.Clock.GetTimestamp();
        for (var round = 1; ; round++)
        {
            foreach (var (where, outcome) in await OnceAsync(left, ask, cancellation).ConfigureAwait(false))
            {
                results[where] = outcome;
                if (outcome.Error is not { IsTransient: true } error) left.Remove(where);
                else if (Retries.IsStaleness(error.Code)) metadata.MarkStale();
            }

            if (left.Count == 0 || options.Clock.GetElapsedTime(started) > Patience(left, results)) return results;
            await Task.Delay(backOff.After(round), options.Clock, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>A partition that does not exist is not waited for as long as one whose leader is away.</summary>
    private TimeSpan Patience<T>(HashSet<TopicPartition> left, Dictionary<TopicPartition, Outcome<T>> results)
    {
        foreach (var where in left)
        {
            if (results[where].Error?.Code is not (ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId)) return options.OperationTimeout;
        }

        return options.MissingTopicTimeout;
    }

    /// <summary>The same once only: who asks goes on with what came, and decides himself about the rest.</summary>
    public async Task<List<(TopicPartition Where, Outcome<T> Outcome)>> OnceAsync<T>(
        IReadOnlyCollection<TopicPartition> left,
        Func<BrokerConnection, IReadOnlyList<(TopicPartition Where, PartitionInfo Info)>, CancellationToken, Task<IEnumerable<(TopicPartition Where, Outcome<T> Outcome)>>> ask,
        CancellationToken cancellation)
    {
        var results = new List<(TopicPartition, Outcome<T>)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var where in left) names.Add(where.Topic);
        ClusterSnapshot cluster;
        try
        {
            cluster = await metadata.GetAsync(names, false, cancellation).ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            foreach (var where in left) results.Add((where, new Outcome<T>(where.ToString(), default, failure)));
            return results;
        }

        var byLeader = new Dictionary<int, List<(TopicPartition Where, PartitionInfo Info)>>();
        foreach (var where in left)
        {
            if (cluster.Find(where) is not { } info || !cluster.Brokers.ContainsKey(info.Leader))
            {
                results.Add((where, new Outcome<T>(where.ToString(), default, Missing(cluster, where))));
                continue;
            }

            if (!byLeader.TryGetValue(info.Leader, out var led)) byLeader[info.Leader] = led = [];
            led.Add((where, info));
        }

        var calls = new List<Task<IEnumerable<(TopicPartition, Outcome<T>)>>>();
        foreach (var (leader, led) in byLeader) calls.Add(CallAsync(leader, led, ask, cancellation));
        foreach (var call in calls) results.AddRange(await call.ConfigureAwait(false));
        return results;
    }

    private async Task<IEnumerable<(TopicPartition Where, Outcome<T> Outcome)>> CallAsync<T>(
        int leader, List<(TopicPartition Where, PartitionInfo Info)> led,
        Func<BrokerConnection, IReadOnlyList<(TopicPartition Where, PartitionInfo Info)>, CancellationToken, Task<IEnumerable<(TopicPartition Where, Outcome<T> Outcome)>>> ask,
        CancellationToken cancellation)
    {
        try
        {
            var connection = await router.ConnectAsync(Destination.Node(leader), cancellation).ConfigureAwait(false);
            return await ask(connection, led, cancellation).ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            return led.ConvertAll(item => (item.Where, new Outcome<T>(item.Where.ToString(), default, failure)));
        }
    }

    /// <summary>Why a partition has nobody to ask.</summary>
    public static KafkaException Missing(ClusterSnapshot cluster, TopicPartition where)
    {
        var topic = cluster.Topics.GetValueOrDefault(where.Topic);
        if (topic is null || topic.Error is ErrorCode.UnknownTopicOrPartition)
            return new KafkaException(ErrorCode.UnknownTopicOrPartition, $"there is no topic '{where.Topic}'", where.Topic);
        if (topic.Error != ErrorCode.None) return KafkaException.Of(topic.Error, null, where.Topic);
        return topic.Find(where.Partition) is null
            ? new KafkaException(ErrorCode.UnknownTopicOrPartition, $"topic '{where.Topic}' has partitions 0 to {topic.Partitions.Count - 1}", where.ToString())
            : new KafkaException(ErrorCode.LeaderNotAvailable, "no broker leads it now", where.ToString());
    }
}
