using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Cluster;

/// <summary>
/// DescribeQuorum: there is no quorum of brokers here, but consoles ask for one before they show anything. The metadata's
/// revision stands for the end of its log, and this node for the one that votes.
/// </summary>
internal sealed class DescribeQuorum(MetadataFollower metadata, TimeProvider clock, int node, NetworkLog log) : TypedHandler<DescribeQuorumRequest, DescribeQuorumResponse>(log)
{
    private const string MetadataTopic = "__cluster_metadata";
    private const short FirstWithNodes = 2;

    protected override ValueTask HandleAsync(Exchange exchange, DescribeQuorumRequest request, DescribeQuorumResponse response)
    {
        var image = metadata.Current;
        foreach (var asked in request.Topics)
        {
            var topic = new DescribeQuorumResponse.Topic { TopicName = asked.TopicName };
            foreach (var part in asked.Partitions)
            {
                var partition = new DescribeQuorumResponse.Partition { PartitionIndex = part.PartitionIndex, LeaderId = -1 };
                if (asked.TopicName == MetadataTopic && part.PartitionIndex == 0) Fill(partition, image);
                else partition.ErrorCode = ErrorCode.UnknownTopicOrPartition;
                topic.Partitions.Add(partition);
            }

            response.Topics.Add(topic);
        }

        if (exchange.Version < FirstWithNodes || !image.Nodes.TryGetValue(node, out var stored)) return ValueTask.CompletedTask;
        var described = new DescribeQuorumResponse.Node { NodeId = node };
        foreach (var endpoint in stored.Record.Endpoints)
            described.Listeners.Add(new DescribeQuorumResponse.Listener { Name = endpoint.Name, Host = endpoint.Host, Port = (ushort)endpoint.Port });
        response.Nodes.Add(described);
        return ValueTask.CompletedTask;
    }

    protected override void Refuse(DescribeQuorumRequest request, DescribeQuorumResponse response, ErrorCode error, string? message) => response.ErrorCode = error;

    private void Fill(DescribeQuorumResponse.Partition partition, MetadataImage image)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        partition.LeaderId = node;
        partition.LeaderEpoch = 1;
        partition.HighWatermark = image.Revision;
        partition.CurrentVoters.Add(new DescribeQuorumResponse.Replica
        {
            ReplicaId = node, ReplicaDirectoryId = Uuid.Zero, LogEndOffset = image.Revision, LastFetchTimestamp = now, LastCaughtUpTimestamp = now,
        });
    }
}
