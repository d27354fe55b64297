using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Data;

/// <summary>OffsetForLeaderEpoch: where an epoch ended, so that a reader finds out whether what it read was cut off since.</summary>
internal sealed class OffsetForLeaderEpoch(HostedTopics topics, Func<ListenerFacts, Partition, bool>? leads, NetworkLog log) : TypedHandler<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(log)
{
    private const int Unknown = -1;

    protected override ValueTask HandleAsync(Exchange exchange, OffsetForLeaderEpochRequest request, OffsetForLeaderEpochResponse response)
    {
        var access = exchange.Access;
        var isNode = access.AllowsCluster(AclOperation.ClusterAction, isTold: false);
        foreach (var asked in request.Topics)
        {
            var isForbidden = !isNode && !access.Allows(AclOperation.Describe, AclResource.Topic, asked.Topic);
            var topic = topics.Find(asked.Topic);
            var answered = new OffsetForLeaderEpochResponse.EpochTopic { Topic = asked.Topic };
            foreach (var part in asked.Partitions)
            {
                var answer = new OffsetForLeaderEpochResponse.EpochEnd { Partition = part.Partition, LeaderEpoch = Unknown, EndOffset = Unknown };
                answer.ErrorCode = isForbidden ? ErrorCode.TopicAuthorizationFailed : Answer(exchange, topic?.Find(part.Partition), part, answer);
                answered.Partitions.Add(answer);
            }

            response.Topics.Add(answered);
        }

        return ValueTask.CompletedTask;
    }

    protected override void Refuse(OffsetForLeaderEpochRequest request, OffsetForLeaderEpochResponse response, ErrorCode error, string? message)
    {
        foreach (var asked in request.Topics)
        {
            var answered = new OffsetForLeaderEpochResponse.EpochTopic { Topic = asked.Topic };
            foreach (var part in asked.Partitions)
                answered.Partitions.Add(new OffsetForLeaderEpochResponse.EpochEnd { Partition = part.Partition, ErrorCode = error, LeaderEpoch = Unknown, EndOffset = Unknown });
            response.Topics.Add(answered);
        }
    }

    private ErrorCode Answer(Exchange exchange, Partition? partition, OffsetForLeaderEpochRequest.EpochPartition asked, OffsetForLeaderEpochResponse.EpochEnd answer)
    {
        if (partition is null || partition.IsDeleted) return ErrorCode.UnknownTopicOrPartition;
        if (partition.Log is not { } log) return ErrorCode.KafkaStorageError;
        if (asked.CurrentLeaderEpoch != Unknown && asked.CurrentLeaderEpoch != partition.LeaderEpoch)
            return asked.CurrentLeaderEpoch < partition.LeaderEpoch ? ErrorCode.FencedLeaderEpoch : ErrorCode.UnknownLeaderEpoch;

        if (leads is not null && !leads(exchange.Connection.Listener, partition)) return ErrorCode.NotLeaderOrFollower;
        var end = partition.EndOffsetOf(log, asked.LeaderEpoch);
        answer.LeaderEpoch = end.Epoch;
        answer.EndOffset = end.Offset;
        return ErrorCode.None;
    }
}
