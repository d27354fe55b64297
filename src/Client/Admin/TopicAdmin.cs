using Moldau.Client.Connections;
using Moldau.Client.Metadata;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Admin;

/// <summary>Topics: listed, made, deleted, described, grown, emptied.</summary>
public sealed class TopicAdmin
{
    private readonly ClientCore _core;

    internal TopicAdmin(ClientCore core) => _core = core;

    private int TimeoutMs => (int)_core.Options.RequestTimeout.TotalMilliseconds;

    /// <summary>All topics, in the order of their names.</summary>
    public async Task<IReadOnlyList<TopicInfo>> ListAsync(CancellationToken cancellation = default)
    {
        var cluster = await _core.Retries.RunAsync(_core.Metadata.AskForAllAsync, static _ => { }, cancellation).ConfigureAwait(false);
        var topics = new List<TopicInfo>(cluster.Topics.Values);
        topics.Sort(static (one, other) => string.CompareOrdinal(one.Name, other.Name));
        return topics;
    }

    /// <summary>Each topic as it is now; one that is not there comes with its error.</summary>
    public async Task<IReadOnlyList<Outcome<TopicInfo>>> DescribeAsync(IReadOnlyCollection<string> topics, CancellationToken cancellation = default)
    {
        var cluster = await _core.Retries.RunAsync(token => _core.Metadata.AskForAsync(topics, token), static _ => { }, cancellation).ConfigureAwait(false);
        var outcomes = new List<Outcome<TopicInfo>>();
        foreach (var topic in topics)
        {
            var info = cluster.Topics.GetValueOrDefault(topic);
            outcomes.Add(info is { Error: ErrorCode.None } ? new(topic, info, null) : new(topic, null, LeaderCalls.Missing(cluster, new TopicPartition(topic, 0))));
        }

        return outcomes;
    }

    /// <param name="topics">What to make.</param>
    /// <param name="validateOnly">Whether it is only to be checked.</param>
    /// <param name="cancellation">Gives up waiting; they may be made all the same.</param>
    public async Task<IReadOnlyList<Outcome<CreatedTopic>>> CreateAsync(IReadOnlyCollection<NewTopic> topics, bool validateOnly = false, CancellationToken cancellation = default)
    {
        var request = new CreateTopicsRequest { TimeoutMs = TimeoutMs, ValidateOnly = validateOnly };
        foreach (var topic in topics)
        {
            var asked = new CreateTopicsRequest.Topic { Name = topic.Name, NumPartitions = topic.Partitions, ReplicationFactor = topic.Replicas };
            foreach (var (name, value) in topic.Configs) asked.Configs.Add(new CreateTopicsRequest.Config { Name = name, Value = value });
            request.Topics.Add(asked);
        }

        var response = await _core.Router.AskAsync<CreateTopicsResponse>(
            Destination.Controller, ApiKey.CreateTopics, request, static answer => Moved(answer.Topics.Count > 0 ? answer.Topics[0].ErrorCode : ErrorCode.None), cancellation).ConfigureAwait(false);
        var outcomes = new List<Outcome<CreatedTopic>>();
        foreach (var topic in response.Topics)
        {
            outcomes.Add(topic.ErrorCode == ErrorCode.None
                ? new(topic.Name, new CreatedTopic(topic.Name, topic.TopicId, topic.NumPartitions, topic.ReplicationFactor), null)
                : new(topic.Name, null, KafkaException.Of(topic.ErrorCode, topic.ErrorMessage, topic.Name)));
        }

        _core.Metadata.MarkStale();
        return outcomes;
    }

    /// <summary>Deletes topics with everything in them.</summary>
    public async Task<IReadOnlyList<Outcome<Uuid>>> DeleteAsync(IReadOnlyCollection<string> topics, CancellationToken cancellation = default)
    {
        var request = new DeleteTopicsRequest { TimeoutMs = TimeoutMs };
        foreach (var topic in topics)
        {
            // Which of the two is sent depends on the version, and the other is dropped or must be empty.
            request.TopicNames.Add(topic);
            request.Topics.Add(new DeleteTopicsRequest.Topic { Name = topic });
        }

        var response = await AskForDeletionAsync(request, cancellation).ConfigureAwait(false);
        var outcomes = new List<Outcome<Uuid>>();
        foreach (var topic in response.Responses)
        {
            var name = topic.Name ?? topic.TopicId.ToString();
            outcomes.Add(new(name, topic.TopicId, topic.ErrorCode == ErrorCode.None ? null : KafkaException.Of(topic.ErrorCode, topic.ErrorMessage, name)));
        }

        _core.Metadata.MarkStale();
        return outcomes;
    }

    /// <summary>Gives topics more partitions.</summary>
    /// <param name="counts">For each topic how many it shall have, old and new.</param>
    /// <param name="validateOnly">Whether it is only to be checked.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task<IReadOnlyList<Outcome<int>>> AddPartitionsAsync(IReadOnlyDictionary<string, int> counts, bool validateOnly = false, CancellationToken cancellation = default)
    {
        var request = new CreatePartitionsRequest { TimeoutMs = TimeoutMs, ValidateOnly = validateOnly };
        foreach (var (name, count) in counts) request.Topics.Add(new CreatePartitionsRequest.Topic { Name = name, Count = count, Assignments = null });
        var response = await _core.Router.AskAsync<CreatePartitionsResponse>(
            Destination.Controller, ApiKey.CreatePartitions, request, static answer => Moved(answer.Results.Count > 0 ? answer.Results[0].ErrorCode : ErrorCode.None), cancellation).ConfigureAwait(false);
        var outcomes = new List<Outcome<int>>();
        foreach (var result in response.Results)
        {
            outcomes.Add(new(result.Name, counts.GetValueOrDefault(result.Name), result.ErrorCode == ErrorCode.None ? null : KafkaException.Of(result.ErrorCode, result.ErrorMessage, result.Name)));
        }

        _core.Metadata.MarkStale();
        return outcomes;
    }

    /// <summary>Drops the records below an offset.</summary>
    /// <param name="before">For each partition the first offset to keep; -1 drops everything there is.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>For each partition its new first offset.</returns>
    public Task<Dictionary<TopicPartition, Outcome<long>>> DeleteRecordsAsync(IReadOnlyDictionary<TopicPartition, long> before, CancellationToken cancellation = default) =>
        _core.Leaders.RunAsync<long>(
            [.. before.Keys],
            async (connection, led, token) =>
            {
                var request = new DeleteRecordsRequest { TimeoutMs = TimeoutMs };
                foreach (var (where, _) in led)
                {
                    request.Topics.Add(new DeleteRecordsRequest.Topic
                    {
                        Name = where.Topic,
                        Partitions = [new DeleteRecordsRequest.Partition { PartitionIndex = where.Partition, Offset = before[where] }],
                    });
                }

                var response = await connection.SendAsync<DeleteRecordsResponse>(
                    ApiKey.DeleteRecords, connection.Choose(ApiKey.DeleteRecords), request, _core.Options.RequestTimeout, token).ConfigureAwait(false);
                var outcomes = new List<(TopicPartition, Outcome<long>)>();
                foreach (var topic in response.Topics)
                {
                    foreach (var partition in topic.Partitions)
                    {
                        var where = new TopicPartition(topic.Name, partition.PartitionIndex);
                        outcomes.Add((where, Outcomes.Of(where, partition.ErrorCode, partition.LowWatermark)));
                    }
                }

                return outcomes;
            },
            cancellation);

    /// <summary>Looks offsets up, for each partition one.</summary>
    public Task<Dictionary<TopicPartition, Outcome<FoundOffset>>> OffsetsAsync(
        IReadOnlyDictionary<TopicPartition, OffsetQuery> queries, bool readCommitted = false, CancellationToken cancellation = default) =>
        _core.Leaders.RunAsync<FoundOffset>(
            [.. queries.Keys], new OffsetLookup(queries, readCommitted, _core.Options.RequestTimeout).AskAsync, cancellation);

    /// <summary>Only what says that another broker is to be asked concerns the request as a whole.</summary>
    private static (ErrorCode Code, string? Told) Moved(ErrorCode first) => first == ErrorCode.NotController ? (first, null) : (ErrorCode.None, null);

    private Task<DeleteTopicsResponse> AskForDeletionAsync(DeleteTopicsRequest request, CancellationToken cancellation) =>
        _core.Retries.RunAsync(
            async token =>
            {
                const short FirstByIdOrName = 6;
                var connection = await _core.Router.ConnectAsync(Destination.Controller, token).ConfigureAwait(false);
                var version = connection.Choose(ApiKey.DeleteTopics);
                if (version < FirstByIdOrName) request.Topics.Clear();
                var response = await connection.SendAsync<DeleteTopicsResponse>(ApiKey.DeleteTopics, version, request, _core.Options.RequestTimeout, token).ConfigureAwait(false);
                return response.Responses.Count > 0 && response.Responses[0].ErrorCode == ErrorCode.NotController
                    ? throw KafkaException.Of(ErrorCode.NotController, null)
                    : response;
            },
            _ => _core.Metadata.MarkStale(),
            cancellation);
}
