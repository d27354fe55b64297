using Moldau.Client.Connections;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>What share groups have done with: asked, moved, forgotten.</summary>
internal static class ShareGroupOffsets
{
    public static async Task<Dictionary<TopicPartition, Outcome<ShareOffset>>> AskAsync(ClientCore core, string group, CancellationToken cancellation)
    {
        var request = new DescribeShareGroupOffsetsRequest { Groups = [new DescribeShareGroupOffsetsRequest.Group { GroupId = group, Topics = null }] };
        var response = await core.Router.AskAsync<DescribeShareGroupOffsetsResponse>(
            Destination.CoordinatorOfGroup(group), ApiKey.DescribeShareGroupOffsets, request,
            static answer => (answer.Groups[0].ErrorCode, answer.Groups[0].ErrorMessage), cancellation).ConfigureAwait(false);
        var offsets = new Dictionary<TopicPartition, Outcome<ShareOffset>>();
        foreach (var topic in response.Groups[0].Topics)
        {
            foreach (var one in topic.Partitions)
            {
                var where = new TopicPartition(topic.TopicName, one.PartitionIndex);
                offsets[where] = Of(where, one.ErrorCode, one.ErrorMessage, new ShareOffset(Known(one.StartOffset), Known(one.Lag), one.LeaderEpoch));
            }
        }

        return offsets;
    }

    public static async Task<List<Outcome<TopicPartition>>> AlterAsync(ClientCore core, string group, IReadOnlyDictionary<TopicPartition, long> offsets, CancellationToken cancellation)
    {
        var request = new AlterShareGroupOffsetsRequest { GroupId = group };
        foreach (var (topic, partitions) in TopicPartitions.ByTopic(offsets.Keys))
        {
            var asked = new AlterShareGroupOffsetsRequest.Topic { TopicName = topic };
            foreach (var partition in partitions)
                asked.Partitions.Add(new AlterShareGroupOffsetsRequest.Partition { PartitionIndex = partition, StartOffset = offsets[new TopicPartition(topic, partition)] });
            request.Topics.Add(asked);
        }

        var response = await core.Router.AskAsync<AlterShareGroupOffsetsResponse>(
            Destination.CoordinatorOfGroup(group), ApiKey.AlterShareGroupOffsets, request, static answer => (answer.ErrorCode, answer.ErrorMessage), cancellation).ConfigureAwait(false);
        var outcomes = new List<Outcome<TopicPartition>>();
        foreach (var topic in response.Responses)
        {
            foreach (var one in topic.Partitions)
            {
                var where = new TopicPartition(topic.TopicName, one.PartitionIndex);
                outcomes.Add(Of(where, one.ErrorCode, one.ErrorMessage, where));
            }
        }

        return outcomes;
    }

    public static async Task<List<Outcome<string>>> DeleteAsync(ClientCore core, string group, IReadOnlyCollection<string> topics, CancellationToken cancellation)
    {
        var request = new DeleteShareGroupOffsetsRequest { GroupId = group };
        foreach (var topic in topics) request.Topics.Add(new DeleteShareGroupOffsetsRequest.Topic { TopicName = topic });
        var response = await core.Router.AskAsync<DeleteShareGroupOffsetsResponse>(
            Destination.CoordinatorOfGroup(group), ApiKey.DeleteShareGroupOffsets, request, static answer => (answer.ErrorCode, answer.ErrorMessage), cancellation).ConfigureAwait(false);
        var outcomes = new List<Outcome<string>>();
        foreach (var topic in response.Responses)
            outcomes.Add(new(topic.TopicName, topic.TopicName, topic.ErrorCode == ErrorCode.None ? null : KafkaException.Of(topic.ErrorCode, topic.ErrorMessage, topic.TopicName)));
        return outcomes;
    }

    private static long? Known(long told) => told < 0 ? null : told;

    private static Outcome<T> Of<T>(TopicPartition where, ErrorCode code, string? told, T value) =>
        new(where.ToString(), value, code == ErrorCode.None ? null : KafkaException.Of(code, told, where.ToString()));
}
