using Moldau.Broker.Coordinators;
using Moldau.Broker.Coordinators.Transactions;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Groups;

/// <summary>DescribeShareGroupOffsets: where share groups stand, as their share coordinators know it, and how many records that leaves.</summary>
internal sealed class DescribeShareGroupOffsets(CoordinatorTopic<GroupMachine> groups, HostedTopics topics, IPeers peers, NetworkLog log)
    : TypedHandler<DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse>(log)
{
    private const long NoStart = -1;
    private const int NotCounted = -1;

    protected override async ValueTask HandleAsync(Exchange exchange, DescribeShareGroupOffsetsRequest request, DescribeShareGroupOffsetsResponse response)
    {
        var access = exchange.Access;
        for (var index = 0; index < request.Groups.Count; index++)
        {
            var asked = request.Groups[index];
            var told = new DescribeShareGroupOffsetsResponse.Group { GroupId = asked.GroupId };
            response.Groups.Add(told);
            if (!access.Allows(AclOperation.Describe, AclResource.Group, asked.GroupId))
                (told.ErrorCode, told.ErrorMessage) = (ErrorCode.GroupAuthorizationFailed, $"no rule allows Describe on Group '{asked.GroupId}'");
            else if (asked.GroupId.Length == 0)
                (told.ErrorCode, told.ErrorMessage) = (ErrorCode.InvalidGroupId, "a group's id is not empty");
            else
                await TellAsync(access, asked, told).ConfigureAwait(false);
        }
    }

    protected override void Refuse(DescribeShareGroupOffsetsRequest request, DescribeShareGroupOffsetsResponse response, ErrorCode error, string? message)
    {
        foreach (var asked in request.Groups) response.Groups.Add(new DescribeShareGroupOffsetsResponse.Group { GroupId = asked.GroupId, ErrorCode = error, ErrorMessage = message });
    }

    private async Task TellAsync(Access access, DescribeShareGroupOffsetsRequest.Group asked, DescribeShareGroupOffsetsResponse.Group told)
    {
        var question = new ReadShareGroupStateSummaryRequest { GroupId = asked.GroupId };
        if (asked.Topics is null)
        {
            (told.ErrorCode, told.ErrorMessage) = await AskForAllAsync(access, question).ConfigureAwait(false);
            if (told.ErrorCode != ErrorCode.None) return;
        }

        foreach (var topic in asked.Topics ?? [])
        {
            if (!access.Allows(AclOperation.Describe, AclResource.Topic, topic.TopicName)) told.Topics.Add(Forbidden(topic));
            else if (topics.Find(topic.TopicName) is { } hosted) Ask(question, hosted, topic.Partitions);
            else told.Topics.Add(Unknown(topic));
        }

        if (question.Topics.Count == 0) return;
        if (await peers.AskAsync(question).ConfigureAwait(false) is not ReadShareGroupStateSummaryResponse answer)
        {
            (told.ErrorCode, told.ErrorMessage) = (ErrorCode.CoordinatorNotAvailable, "the share coordinator did not answer");
            return;
        }

        foreach (var result in answer.Results)
        {
            if (topics.Find(result.TopicId) is { } topic) told.Topics.Add(Of(topic, result));
        }
    }

    /// <summary>Every topic the group has state of, as far as the caller may know of it.</summary>
    private async Task<(ErrorCode Error, string? Message)> AskForAllAsync(Access access, ReadShareGroupStateSummaryRequest question)
    {
        IReadOnlyList<(Uuid Topic, IReadOnlyList<int> Partitions)> known = [];
        var reply = new TaskReply<DescribeShareGroupOffsetsResponse>();
        groups.Run(question.GroupId, reply, (machine, outcome) =>
        {
            known = machine.Share.Initialized(question.GroupId);
            outcome.Send(reply);
        });
        var given = await reply.Given.ConfigureAwait(false);
        foreach (var (id, partitions) in known)
        {
            if (topics.Find(id) is { } topic && access.Allows(AclOperation.Describe, AclResource.Topic, topic.Name, isTold: false)) Ask(question, topic, partitions);
        }

        return given;
    }

    private static void Ask(ReadShareGroupStateSummaryRequest question, HostedTopic topic, IEnumerable<int> partitions)
    {
        var row = new ReadShareGroupStateSummaryRequest.Topic { TopicId = topic.Id };
        foreach (var partition in partitions) row.Partitions.Add(new ReadShareGroupStateSummaryRequest.PartitionQuery { Partition = partition });
        question.Topics.Add(row);
    }

    private static DescribeShareGroupOffsetsResponse.Topic Of(HostedTopic topic, ReadShareGroupStateSummaryResponse.Topic result)
    {
        var told = new DescribeShareGroupOffsetsResponse.Topic { TopicName = topic.Name, TopicId = topic.Id };
        foreach (var summary in result.Partitions)
        {
            var row = new DescribeShareGroupOffsetsResponse.Partition { PartitionIndex = summary.Partition, StartOffset = NoStart };
            told.Partitions.Add(row);
            // As Kafka has it: where nothing is known of it, it has no offset, and that is no error.
            if (summary.ErrorCode != ErrorCode.None) continue;
            (row.StartOffset, row.LeaderEpoch) = (summary.StartOffset, summary.LeaderEpoch);
            if (summary.StartOffset == NoStart || summary.DeliveryCompleteCount == NotCounted) continue;
            if (topic.Find(summary.Partition) is { Log: not null } partition)
                row.Lag = partition.HighWatermark - summary.StartOffset - summary.DeliveryCompleteCount;
            else
                (row.ErrorCode, row.ErrorMessage, row.StartOffset, row.LeaderEpoch) = (ErrorCode.KafkaStorageError, $"{topic.Name}-{summary.Partition} is offline", 0, 0);
        }

        return told;
    }

    private static DescribeShareGroupOffsetsResponse.Topic Unknown(DescribeShareGroupOffsetsRequest.Topic topic)
    {
        var told = new DescribeShareGroupOffsetsResponse.Topic { TopicName = topic.TopicName };
        foreach (var partition in topic.Partitions) told.Partitions.Add(new DescribeShareGroupOffsetsResponse.Partition { PartitionIndex = partition, StartOffset = NoStart });
        return told;
    }

    private static DescribeShareGroupOffsetsResponse.Topic Forbidden(DescribeShareGroupOffsetsRequest.Topic topic)
    {
        var told = new DescribeShareGroupOffsetsResponse.Topic { TopicName = topic.TopicName };
        foreach (var partition in topic.Partitions)
        {
            told.Partitions.Add(new DescribeShareGroupOffsetsResponse.Partition
            {
                PartitionIndex = partition, StartOffset = NoStart, ErrorCode = ErrorCode.TopicAuthorizationFailed, ErrorMessage = $"no rule allows Describe on Topic '{topic.TopicName}'",
            });
        }

        return told;
    }
}
