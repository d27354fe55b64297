using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Metadata;

/// <summary>What a broker said of the cluster at one time; never changed.</summary>
internal sealed class ClusterSnapshot
{
    public static readonly ClusterSnapshot Empty = new(new MetadataResponse(), 0);

    private readonly Dictionary<Uuid, TopicInfo> _byId = [];

    public ClusterSnapshot(MetadataResponse response, long takenAt)
    {
        TakenAt = takenAt;
        ClusterId = response.ClusterId;
        Controller = response.ControllerId;
        var brokers = new Dictionary<int, BrokerInfo>();
        foreach (var broker in response.Brokers) brokers[broker.NodeId] = new BrokerInfo(broker.NodeId, broker.Host, broker.Port, broker.Rack);
        var topics = new Dictionary<string, TopicInfo>(StringComparer.Ordinal);
        foreach (var topic in response.Topics)
        {
            if (topic.Name is not { } name) continue;
            var info = new TopicInfo(name, topic.TopicId, topic.IsInternal, Partitions(topic), topic.ErrorCode);
            topics[name] = info;
            if (!info.Id.IsZero) _byId[info.Id] = info;
        }

        (Brokers, Topics) = (brokers, topics);
    }

    /// <summary>The clock's timestamp.</summary>
    public long TakenAt { get; }

    public string? ClusterId { get; }

    /// <summary>-1 where it is not known.</summary>
    public int Controller { get; }

    public IReadOnlyDictionary<int, BrokerInfo> Brokers { get; }

    public IReadOnlyDictionary<string, TopicInfo> Topics { get; }

    public TopicInfo? Find(Uuid id) => _byId.GetValueOrDefault(id);

    public PartitionInfo? Find(TopicPartition where) => Topics.GetValueOrDefault(where.Topic)?.Find(where.Partition);

    private static PartitionInfo[] Partitions(MetadataResponse.Topic topic)
    {
        var partitions = new PartitionInfo[topic.Partitions.Count];
        for (var i = 0; i < partitions.Length; i++)
        {
            var partition = topic.Partitions[i];
            partitions[i] = new PartitionInfo(
                partition.PartitionIndex, partition.LeaderId, partition.LeaderEpoch,
                [.. partition.ReplicaNodes], [.. partition.IsrNodes], [.. partition.OfflineReplicas], partition.ErrorCode);
        }

        Array.Sort(partitions, static (one, other) => one.Partition.CompareTo(other.Partition));
        return partitions;
    }
}
