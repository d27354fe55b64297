using Moldau.Broker.Partitions;
using Moldau.Broker.Partitions.Transactions;
using Moldau.Broker.Requests.Topics;
using Moldau.Coordination.Groups;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Coordinators.Transactions;

/// <summary>
/// Writes the ends of transactions into partitions that this broker leads. Those of groups' offsets go through their
/// coordinator, which must learn of them.
/// </summary>
internal sealed class MarkerWriter(HostedTopics topics, CoordinatorTopic<GroupMachine> groups, TimeProvider clock)
{
    public async Task<WriteTxnMarkersResponse> WriteAsync(WriteTxnMarkersRequest request)
    {
        var response = new WriteTxnMarkersResponse();
        var running = new List<(WriteTxnMarkersResponse.Partition Answer, Task<ErrorCode> Ended)>();
        foreach (var marker in request.Markers)
        {
            var answered = new WriteTxnMarkersResponse.Marker { ProducerId = marker.ProducerId };
            response.Markers.Add(answered);
            foreach (var topic in marker.Topics)
            {
                var row = new WriteTxnMarkersResponse.Topic { Name = topic.Name };
                answered.Topics.Add(row);
                foreach (var number in topic.PartitionIndexes)
                {
                    var answer = new WriteTxnMarkersResponse.Partition { PartitionIndex = number };
                    row.Partitions.Add(answer);
                    running.Add((answer, WriteAsync(topic.Name, number, MarkerToWrite.Of(marker))));
                }
            }
        }

        foreach (var (answer, ended) in running) answer.ErrorCode = await ended.ConfigureAwait(false);
        return response;
    }

    private Task<ErrorCode> WriteAsync(string topic, int number, in MarkerToWrite marker)
    {
        if (topics.Find(topic)?.Find(number) is not { } partition) return Task.FromResult(ErrorCode.UnknownTopicOrPartition);
        if (topic == TopicName.ConsumerOffsets) return EndOffsetsAsync(number, marker);
        var append = new MarkerAppend(partition, marker, clock.GetUtcNow().ToUnixTimeMilliseconds());
        partition.Queue.Run(append);
        return append.Ended;
    }

    private async Task<ErrorCode> EndOffsetsAsync(int number, MarkerToWrite marker)
    {
        if (groups.Find(number) is not { } shard) return ErrorCode.NotLeaderOrFollower;
        var reply = new TaskReply<WriteTxnMarkersResponse>();
        shard.End(reply, new TransactionProducer(marker.ProducerId, marker.Epoch), new MarkerEnd(marker.IsCommit, marker.CoordinatorEpoch, marker.BumpsEpoch));
        var (error, _) = await reply.Given.ConfigureAwait(false);
        return error is ErrorCode.NotCoordinator or ErrorCode.CoordinatorLoadInProgress or ErrorCode.CoordinatorNotAvailable ? ErrorCode.NotLeaderOrFollower : error;
    }
}
