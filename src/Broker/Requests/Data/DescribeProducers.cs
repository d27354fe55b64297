using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Broker.Requests.Topics;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Data;

/// <summary>DescribeProducers: whom a partition remembers, and who has a transaction open in it.</summary>
internal sealed class DescribeProducers(HostedTopics topics, NetworkLog log) : TypedHandler<DescribeProducersRequest, DescribeProducersResponse>(log)
{
    protected override async ValueTask HandleAsync(Exchange exchange, DescribeProducersRequest request, DescribeProducersResponse response)
    {
        var access = exchange.Access;
        for (var i = 0; i < request.Topics.Count; i++)
        {
            var asked = request.Topics[i];
            var answered = new DescribeProducersResponse.Topic { Name = asked.Name };
            response.Topics.Add(answered);
            var isForbidden = !access.Allows(AclOperation.Read, AclResource.Topic, asked.Name);
            for (var j = 0; j < asked.PartitionIndexes.Count; j++)
            {
                var number = asked.PartitionIndexes[j];
                var answer = new DescribeProducersResponse.Partition { PartitionIndex = number };
                answered.Partitions.Add(answer);
                if (TopicName.Fault(asked.Name) is { } fault) (answer.ErrorCode, answer.ErrorMessage) = (ErrorCode.InvalidTopicException, fault);
                else if (isForbidden) (answer.ErrorCode, answer.ErrorMessage) = (ErrorCode.TopicAuthorizationFailed, $"no rule allows Read on Topic '{asked.Name}'");
                else await DescribeAsync(topics.Find(asked.Name), number, answer).ConfigureAwait(false);
            }
        }
    }

    protected override void Refuse(DescribeProducersRequest request, DescribeProducersResponse response, ErrorCode error, string? message)
    {
        foreach (var asked in request.Topics)
        {
            var answered = new DescribeProducersResponse.Topic { Name = asked.Name };
            foreach (var number in asked.PartitionIndexes)
                answered.Partitions.Add(new DescribeProducersResponse.Partition { PartitionIndex = number, ErrorCode = error, ErrorMessage = message });
            response.Topics.Add(answered);
        }
    }

    private static async Task DescribeAsync(HostedTopic? topic, int number, DescribeProducersResponse.Partition answer)
    {
        if (topic?.Find(number) is not { } partition)
        {
            (answer.ErrorCode, answer.ErrorMessage) = (ErrorCode.UnknownTopicOrPartition, topic is null ? "there is no topic of this name" : $"{topic.Name} has partitions 0 to {topic.Partitions.Count - 1}, not {number}");
            return;
        }

        if (partition.Log is null)
        {
            (answer.ErrorCode, answer.ErrorMessage) = (ErrorCode.KafkaStorageError, partition.OfflineReason);
            return;
        }

        // The states are the writer's.
        await partition.Queue.RunAsync(() =>
        {
            if (partition.Log is not { } log) return;
            foreach (var state in log.Producers.Producers)
            {
                answer.ActiveProducers.Add(new DescribeProducersResponse.Producer
                {
                    ProducerId = state.ProducerId,
                    ProducerEpoch = state.Epoch,
                    LastSequence = state.LastSequence,
                    LastTimestamp = state.LastTimestamp,
                    CoordinatorEpoch = state.CoordinatorEpoch,
                    CurrentTxnStartOffset = state.TransactionOffset,
                });
            }
        }).ConfigureAwait(false);
    }
}
