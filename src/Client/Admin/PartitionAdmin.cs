using Moldau.Client.Connections;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>Where partitions are and who leads them: leaders elected, replicas moved to brokers and folders.</summary>
public sealed class PartitionAdmin
{
    private const sbyte Preferred = 0;
    private const sbyte Unclean = 1;

    private readonly ClientCore _core;

    internal PartitionAdmin(ClientCore core) => _core = core;

    private int TimeoutMs => (int)_core.Options.RequestTimeout.TotalMilliseconds;

    /// <summary>Has leaders elected anew. Of a partition whose leader stays, the error says so.</summary>
    /// <param name="partitions">Which; null for all.</param>
    /// <param name="isUnclean">Takes a replica that is not in sync where there is no other: what it lacks is lost. Otherwise the first replica leads.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task<IReadOnlyList<Outcome<TopicPartition>>> ElectLeadersAsync(
        IReadOnlyCollection<TopicPartition>? partitions = null, bool isUnclean = false, CancellationToken cancellation = default)
    {
        var request = new ElectLeadersRequest { ElectionType = isUnclean ? Unclean : Preferred, TimeoutMs = TimeoutMs, TopicPartitions = partitions is null ? null : [] };
        foreach (var (topic, numbers) in TopicPartitions.ByTopic(partitions ?? []))
            request.TopicPartitions!.Add(new ElectLeadersRequest.Selection { Topic = topic, Partitions = [.. numbers] });
        var response = await _core.Router.AskAsync<ElectLeadersResponse>(
            Destination.Controller, ApiKey.ElectLeaders, request, static answer => (answer.ErrorCode, null), cancellation).ConfigureAwait(false);
        var outcomes = new List<Outcome<TopicPartition>>();
        foreach (var topic in response.ReplicaElectionResults)
        {
            foreach (var partition in topic.PartitionResult) outcomes.Add(Of(new(topic.Topic, partition.PartitionId), partition.ErrorCode, partition.ErrorMessage));
        }

        _core.Metadata.MarkStale();
        return outcomes;
    }

    /// <summary>Has partitions moved to other brokers; how far that is <see cref="ReassignmentsAsync"/> tells.</summary>
    /// <param name="replicas">For each partition its brokers, the preferred leader first; null calls a move off that is under way.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task<IReadOnlyList<Outcome<TopicPartition>>> ReassignAsync(
        IReadOnlyDictionary<TopicPartition, IReadOnlyList<int>?> replicas, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(replicas);
        var request = new AlterPartitionReassignmentsRequest { TimeoutMs = TimeoutMs };
        foreach (var (topic, numbers) in TopicPartitions.ByTopic(replicas.Keys))
        {
            var asked = new AlterPartitionReassignmentsRequest.Topic { Name = topic };
            foreach (var number in numbers)
            {
                var brokers = replicas[new TopicPartition(topic, number)];
                asked.Partitions.Add(new AlterPartitionReassignmentsRequest.Partition { PartitionIndex = number, Replicas = brokers is null ? null : [.. brokers] });
            }

            request.Topics.Add(asked);
        }

        var response = await _core.Router.AskAsync<AlterPartitionReassignmentsResponse>(
            Destination.Controller, ApiKey.AlterPartitionReassignments, request, static answer => (answer.ErrorCode, answer.ErrorMessage), cancellation).ConfigureAwait(false);
        var outcomes = new List<Outcome<TopicPartition>>();
        foreach (var topic in response.Responses)
        {
            foreach (var partition in topic.Partitions) outcomes.Add(Of(new(topic.Name, partition.PartitionIndex), partition.ErrorCode, partition.ErrorMessage));
        }

        return outcomes;
    }

    /// <summary>The partitions that are on the move.</summary>
    /// <param name="partitions">Among which; null for all.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<Reassignment>> ReassignmentsAsync(IReadOnlyCollection<TopicPartition>? partitions = null, CancellationToken cancellation = default)
    {
        var request = new ListPartitionReassignmentsRequest { TimeoutMs = TimeoutMs, Topics = partitions is null ? null : [] };
        foreach (var (topic, numbers) in TopicPartitions.ByTopic(partitions ?? []))
            request.Topics!.Add(new ListPartitionReassignmentsRequest.Topic { Name = topic, PartitionIndexes = [.. numbers] });
        var response = await _core.Router.AskAsync<ListPartitionReassignmentsResponse>(
            Destination.Controller, ApiKey.ListPartitionReassignments, request, static answer => (answer.ErrorCode, answer.ErrorMessage), cancellation).ConfigureAwait(false);
        var moving = new List<Reassignment>();
        foreach (var topic in response.Topics)
        {
            foreach (var partition in topic.Partitions)
                moving.Add(new Reassignment(new(topic.Name, partition.PartitionIndex), [.. partition.Replicas], [.. partition.AddingReplicas], [.. partition.RemovingReplicas]));
        }

        return moving;
    }

    /// <summary>Has a broker keep partitions in other folders of its own; they are copied there while they go on.</summary>
    /// <param name="broker">Whose.</param>
    /// <param name="folders">For each partition the folder, as the broker's <c>log.dirs</c> spells it.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task<IReadOnlyList<Outcome<TopicPartition>>> MoveToFoldersAsync(int broker, IReadOnlyDictionary<TopicPartition, string> folders, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folders);
        var request = new AlterReplicaLogDirsRequest();
        foreach (var folder in folders.GroupBy(static item => item.Value, static item => item.Key, StringComparer.Ordinal))
        {
            var asked = new AlterReplicaLogDirsRequest.Dir { Path = folder.Key };
            foreach (var (topic, numbers) in TopicPartitions.ByTopic(folder)) asked.Topics.Add(new AlterReplicaLogDirsRequest.Topic { Name = topic, Partitions = [.. numbers] });
            request.Dirs.Add(asked);
        }

        var response = await _core.Router.AskAsync<AlterReplicaLogDirsResponse>(
            Destination.Node(broker), ApiKey.AlterReplicaLogDirs, request, static _ => (ErrorCode.None, null), cancellation).ConfigureAwait(false);
        var outcomes = new List<Outcome<TopicPartition>>();
        foreach (var topic in response.Results)
        {
            foreach (var partition in topic.Partitions) outcomes.Add(Of(new(topic.TopicName, partition.PartitionIndex), partition.ErrorCode, null));
        }

        return outcomes;
    }

    private static Outcome<TopicPartition> Of(TopicPartition where, ErrorCode code, string? told) =>
        new(where.ToString(), where, code == ErrorCode.None ? null : KafkaException.Of(code, told, where.ToString()));
}
