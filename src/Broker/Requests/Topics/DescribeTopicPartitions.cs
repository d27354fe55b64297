using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Topics;

/// <summary>DescribeTopicPartitions: topics in the order of their names, page by page.</summary>
internal sealed class DescribeTopicPartitions(MetadataFollower metadata, HostedTopics topics, LiveSettings settings, int node, NetworkLog log)
    : TypedHandler<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>(log)
{
    private const int NoLeader = -1;

    protected override ValueTask HandleAsync(Exchange exchange, DescribeTopicPartitionsRequest request, DescribeTopicPartitionsResponse response)
    {
        var image = metadata.Current;
        var cursor = request.Cursor;
        if (cursor is { PartitionIndex: < 0 })
            throw new RequestRefusedException(ErrorCode.InvalidRequest, $"a cursor at partition {cursor.PartitionIndex}");
        var left = Math.Min(request.ResponsePartitionLimit, settings.Current.Requests.MaxDescribedPartitions);
        if (left <= 0) left = 1;
        var access = exchange.Access;
        foreach (var name in Names(image, request))
        {
            if (cursor is not null && string.CompareOrdinal(name, cursor.TopicName) < 0) continue;
            if (!access.Allows(AclOperation.Describe, AclResource.Topic, name, isTold: request.Topics.Count > 0))
            {
                if (request.Topics.Count > 0) response.Topics.Add(new DescribeTopicPartitionsResponse.Topic { Name = name, ErrorCode = ErrorCode.TopicAuthorizationFailed });
                continue;
            }

            var from = cursor is not null && name == cursor.TopicName ? cursor.PartitionIndex : 0;
            if (image.FindTopic(name) is not { } topic)
            {
                response.Topics.Add(new DescribeTopicPartitionsResponse.Topic
                {
                    Name = name, ErrorCode = TopicName.IsLegal(name) ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopicException,
                    TopicAuthorizedOperations = access.Operations(AclResource.Topic, name),
                });
                continue;
            }

            if (left == 0)
            {
                response.NextCursor = new DescribeTopicPartitionsResponse.Position { TopicName = name, PartitionIndex = from };
                break;
            }

            var upTo = Math.Min(topic.PartitionCount, from + left);
            response.Topics.Add(Describe(access, topic, from, upTo));
            left -= Math.Max(0, upTo - from);
            if (upTo >= topic.PartitionCount) continue;
            response.NextCursor = new DescribeTopicPartitionsResponse.Position { TopicName = name, PartitionIndex = upTo };
            break;
        }

        return ValueTask.CompletedTask;
    }

    protected override void Refuse(DescribeTopicPartitionsRequest request, DescribeTopicPartitionsResponse response, ErrorCode error, string? message)
    {
        foreach (var asked in request.Topics) response.Topics.Add(new DescribeTopicPartitionsResponse.Topic { Name = asked.Name, ErrorCode = error });
    }

    private static SortedSet<string> Names(MetadataImage image, DescribeTopicPartitionsRequest request)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var asked in request.Topics) names.Add(asked.Name);
        if (request.Topics.Count > 0) return names;
        foreach (var topic in image.Topics) names.Add(topic.Name);
        return names;
    }

    private DescribeTopicPartitionsResponse.Topic Describe(in Access access, in TopicImage topic, int from, int upTo)
    {
        var described = new DescribeTopicPartitionsResponse.Topic { Name = topic.Name, TopicId = topic.Id, IsInternal = TopicName.IsInternal(topic.Name), TopicAuthorizedOperations = access.Operations(AclResource.Topic, topic.Name) };
        var hosted = topics.Find(topic.Id);
        for (var number = from; number < upTo; number++)
        {
            if (topic.Partition(number) is not { } state) continue;
            var record = state.Record;
            var isOffline = hosted?.Find(number) is { Log: null };
            var partition = new DescribeTopicPartitionsResponse.Partition
            {
                PartitionIndex = number,
                LeaderId = isOffline ? NoLeader : record.Leader,
                LeaderEpoch = record.LeaderEpoch,
                ErrorCode = isOffline || record.Leader == NoLeader ? ErrorCode.LeaderNotAvailable : ErrorCode.None,
                EligibleLeaderReplicas = [],
                LastKnownElr = [],
            };
            foreach (var replica in record.Replicas) partition.ReplicaNodes.Add(replica);
            foreach (var replica in record.Isr) partition.IsrNodes.Add(replica);
            if (isOffline) partition.OfflineReplicas.Add(node);
            described.Partitions.Add(partition);
        }

        return described;
    }
}
