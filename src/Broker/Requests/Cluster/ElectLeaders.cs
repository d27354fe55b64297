using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Cluster;

/// <summary>ElectLeaders: on one node every partition has its only replica for a leader already, or none while that is offline.</summary>
internal sealed class ElectLeaders(MetadataFollower metadata, NetworkLog log) : TypedHandler<ElectLeadersRequest, ElectLeadersResponse>(log)
{
    private const sbyte LastType = 1;
    private const short FirstWithTopError = 1;

    protected override ValueTask HandleAsync(Exchange exchange, ElectLeadersRequest request, ElectLeadersResponse response)
    {
        if (request.ElectionType is < 0 or > LastType)
        {
            Refuse(request, response, ErrorCode.InvalidRequest, $"an election of type {request.ElectionType}; 0 (preferred) and 1 (unclean) are known");
            DropTopError(exchange.Version, response);
            return ValueTask.CompletedTask;
        }

        var image = metadata.Current;
        if (request.TopicPartitions is null)
        {
            // Of all, only those partitions are told whose leader is another afterwards, and that is nobody's.
            foreach (var topic in image.Topics) response.ReplicaElectionResults.Add(new ElectLeadersResponse.Result { Topic = topic.Name });
            return ValueTask.CompletedTask;
        }

        foreach (var asked in request.TopicPartitions)
        {
            var result = new ElectLeadersResponse.Result { Topic = asked.Topic };
            var topic = image.FindTopic(asked.Topic);
            foreach (var number in asked.Partitions)
            {
                var partition = new ElectLeadersResponse.Partition { PartitionId = number };
                (partition.ErrorCode, partition.ErrorMessage) = topic?.Partition(number) is null
                    ? (ErrorCode.UnknownTopicOrPartition, topic is null ? $"there is no topic '{asked.Topic}'" : $"'{asked.Topic}' has partitions 0 to {topic.Value.PartitionCount - 1}, not {number}")
                    : (ErrorCode.ElectionNotNeeded, "its only replica leads it already");
                result.PartitionResult.Add(partition);
            }

            response.ReplicaElectionResults.Add(result);
        }

        return ValueTask.CompletedTask;
    }

    public override void Refuse(Exchange exchange, ErrorCode error, string? message)
    {
        base.Refuse(exchange, error, message);
        DropTopError(exchange.Version, (ElectLeadersResponse)exchange.Response);
    }

    private static void DropTopError(short version, ElectLeadersResponse response)
    {
        if (version < FirstWithTopError) response.ErrorCode = ErrorCode.None;
    }

    protected override void Refuse(ElectLeadersRequest request, ElectLeadersResponse response, ErrorCode error, string? message)
    {
        response.ErrorCode = error;
        foreach (var asked in request.TopicPartitions ?? [])
        {
            var result = new ElectLeadersResponse.Result { Topic = asked.Topic };
            foreach (var number in asked.Partitions) result.PartitionResult.Add(new ElectLeadersResponse.Partition { PartitionId = number, ErrorCode = error, ErrorMessage = message });
            response.ReplicaElectionResults.Add(result);
        }
    }
}
