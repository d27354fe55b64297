using Moldau.Client.Connections;
using Moldau.Client.Metadata;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Producing;

/// <summary>
/// Who leads a partition, as far as the delivery loop knows. Where that has turned out wrong the cluster is asked anew, in the background; the
/// loop is woken when it has answered.
/// </summary>
internal sealed class LeaderLookup(ClientCore core, Action wake, CancellationToken closing)
{
    private readonly SortedSet<string> _wanted = new(StringComparer.Ordinal);
    private bool _isAsking;
    private int _failures;
    private long _askedAt;

    /// <returns>The broker's id; null where nobody is known, and the cluster is being asked.</returns>
    public int? Find(PartitionQueue queue)
    {
        var cluster = core.Metadata.Current;
        if (cluster.Topics.TryGetValue(queue.Where.Topic, out var topic) && topic.Error == ErrorCode.None && Of(topic, queue.Where.Partition) is { } partition)
        {
            queue.MissingSince = -1;
            if (queue.Hint.Epoch > partition.LeaderEpoch && cluster.Brokers.ContainsKey(queue.Hint.Node)) return queue.Hint.Node;
            if (!ReferenceEquals(queue.Doubted, cluster) && cluster.Brokers.ContainsKey(partition.Leader)) return partition.Leader;
        }
        else if (queue.MissingSince < 0)
        {
            queue.MissingSince = core.Options.Clock.GetTimestamp();
        }

        Ask(queue.Where.Topic);
        return null;
    }

    /// <summary>Why a partition has waited in vain for the cluster to know it; null while there is hope.</summary>
    public KafkaException? GivesUp(PartitionQueue queue)
    {
        if (queue.MissingSince < 0) return null;
        var missing = LeaderCalls.Missing(core.Metadata.Current, queue.Where);
        if (!missing.IsTransient) return missing;
        return missing.Code == ErrorCode.UnknownTopicOrPartition && core.Options.Clock.GetElapsedTime(queue.MissingSince) > core.Options.MissingTopicTimeout ? missing : null;
    }

    /// <summary>Why nobody can be sent anything for it now; null where somebody can.</summary>
    public KafkaException? Reason(PartitionQueue queue)
    {
        var cluster = core.Metadata.Current;
        return cluster.Find(queue.Where) is { } partition && cluster.Brokers.ContainsKey(partition.Leader) ? null : LeaderCalls.Missing(cluster, queue.Where);
    }

    /// <summary>An answer has shown that somebody else leads it by now, or that nobody knows.</summary>
    public void Doubt(PartitionQueue queue, ClusterSnapshot cluster, ProduceResponse.Leader? told)
    {
        queue.Doubted = cluster;
        queue.Hint = told is { LeaderId: >= 0 } ? (told.LeaderId, told.LeaderEpoch) : (-1, -1);
        if (ReferenceEquals(core.Metadata.Current, cluster)) core.Metadata.MarkStale();
    }

    private static PartitionInfo? Of(TopicInfo topic, int partition) =>
        partition < topic.Partitions.Count && topic.Partitions[partition].Partition == partition ? topic.Partitions[partition] : topic.Find(partition);

    private void Ask(string topic)
    {
        _wanted.Add(topic);
        if (Volatile.Read(ref _isAsking)) return;
        string[] topics = [.. _wanted];
        _wanted.Clear();
        _isAsking = true;
        _ = AskAsync(topics);
    }

    private async Task AskAsync(string[] topics)
    {
        try
        {
            // An answer may say that nobody leads it yet, so even behind a good one the next comes later.
            var pause = _askedAt == 0 ? TimeSpan.Zero : core.BackOff.After(Math.Max(1, _failures)) - core.Options.Clock.GetElapsedTime(_askedAt);
            if (pause > TimeSpan.Zero) await Task.Delay(pause, core.Options.Clock, closing).ConfigureAwait(false);
            _askedAt = core.Options.Clock.GetTimestamp();
            core.Metadata.MarkStale();
            await core.Metadata.GetAsync(topics, createsTopics: true, closing).ConfigureAwait(false);
            _failures = 0;
        }
        catch (Exception failure) when (failure is KafkaException or OperationCanceledException or ObjectDisposedException)
        {
            _failures++;
        }

        // Before it is woken, or the loop would leave it to this one.
        Volatile.Write(ref _isAsking, false);
        wake();
    }
}
