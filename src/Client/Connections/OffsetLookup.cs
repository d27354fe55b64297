using Moldau.Client.Admin;
using Moldau.Client.Metadata;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Connections;

/// <summary>Asks one leader for offsets of the partitions it leads.</summary>
internal sealed class OffsetLookup(IReadOnlyDictionary<TopicPartition, OffsetQuery> queries, bool readCommitted, TimeSpan patience)
{
    public async Task<IEnumerable<(TopicPartition Where, Outcome<FoundOffset> Outcome)>> AskAsync(
        BrokerConnection connection, IReadOnlyList<(TopicPartition Where, PartitionInfo Info)> led, CancellationToken cancellation)
    {
        var request = new ListOffsetsRequest { ReplicaId = -1, IsolationLevel = readCommitted ? (sbyte)1 : (sbyte)0, TimeoutMs = (int)patience.TotalMilliseconds };
        foreach (var (where, info) in led)
        {
            request.Topics.Add(new ListOffsetsRequest.Topic
            {
                Name = where.Topic,
                Partitions = [new ListOffsetsRequest.Partition { PartitionIndex = where.Partition, CurrentLeaderEpoch = info.LeaderEpoch, Timestamp = queries[where].Timestamp }],
            });
        }

        var response = await connection.SendAsync<ListOffsetsResponse>(ApiKey.ListOffsets, connection.Choose(ApiKey.ListOffsets), request, patience, cancellation).ConfigureAwait(false);
        var outcomes = new List<(TopicPartition, Outcome<FoundOffset>)>();
        foreach (var topic in response.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                var where = new TopicPartition(topic.Name, partition.PartitionIndex);
                outcomes.Add((where, Outcomes.Of(where, partition.ErrorCode, new FoundOffset(partition.Offset, partition.Timestamp, partition.LeaderEpoch))));
            }
        }

        return outcomes;
    }
}
