using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Bench.Rows;

/// <summary>Messages as clients and brokers exchange them all day.</summary>
internal static class SampleMessages
{
    private const int BatchSize = 16 * 1024;
    private const int Brokers = 3;

    public static ProduceRequest Produce()
    {
        var topic = new ProduceRequest.Topic { Name = "orders" };
        topic.PartitionData.Add(new ProduceRequest.Partition { Index = 3, Records = RecordData.Of(new byte[BatchSize]) });
        var request = new ProduceRequest { Acks = -1, TimeoutMs = 30_000 };
        request.TopicData.Add(topic);
        return request;
    }

    public static ProduceResponse Produced()
    {
        var topic = new ProduceResponse.Topic { Name = "orders" };
        topic.PartitionResponses.Add(new ProduceResponse.Partition { Index = 3, BaseOffset = 123_456_789, LogStartOffset = 0 });
        var response = new ProduceResponse();
        response.Responses.Add(topic);
        return response;
    }

    public static FetchRequest Fetch(int partitions)
    {
        var topic = new FetchRequest.FetchTopic { TopicId = new Uuid(1, 2) };
        for (var i = 0; i < partitions; i++)
            topic.Partitions.Add(new FetchRequest.FetchPartition { Partition = i, CurrentLeaderEpoch = 5, FetchOffset = 1_000_000 + i, PartitionMaxBytes = 1 << 20 });
        var request = new FetchRequest { MaxWaitMs = 500, MinBytes = 1, MaxBytes = 50 << 20, SessionId = 77, SessionEpoch = 9 };
        request.Topics.Add(topic);
        return request;
    }

    public static FetchResponse Fetched(int partitions)
    {
        var topic = new FetchResponse.FetchedTopic { TopicId = new Uuid(1, 2) };
        for (var i = 0; i < partitions; i++)
        {
            topic.Partitions.Add(new FetchResponse.FetchedPartition
            {
                PartitionIndex = i, HighWatermark = 2_000_000, LastStableOffset = 2_000_000, LogStartOffset = 0, Records = RecordData.Of(new byte[1024]),
            });
        }

        var response = new FetchResponse { SessionId = 77 };
        response.Responses.Add(topic);
        return response;
    }

    public static MetadataRequest Metadata(int topics)
    {
        var request = new MetadataRequest { Topics = new() };
        for (var i = 0; i < topics; i++) request.Topics.Add(new MetadataRequest.Topic { Name = $"topic-{i}" });
        return request;
    }

    public static MetadataResponse MetadataKnown(int topics, int partitions)
    {
        var response = new MetadataResponse { ClusterId = "5L6g3nShT-eMCtK--X86sw", ControllerId = 1 };
        for (var i = 1; i <= Brokers; i++)
            response.Brokers.Add(new MetadataResponse.Broker { NodeId = i, Host = $"broker-{i}.example", Port = 9092, Rack = $"rack-{i}" });
        for (var i = 0; i < topics; i++)
        {
            var topic = new MetadataResponse.Topic { Name = $"topic-{i}", TopicId = new Uuid(1, (ulong)i) };
            for (var p = 0; p < partitions; p++)
            {
                var partition = new MetadataResponse.Partition { PartitionIndex = p, LeaderId = 1 + (p % Brokers), LeaderEpoch = 4 };
                for (var broker = 1; broker <= Brokers; broker++)
                {
                    partition.ReplicaNodes.Add(broker);
                    partition.IsrNodes.Add(broker);
                }

                topic.Partitions.Add(partition);
            }

            response.Topics.Add(topic);
        }

        return response;
    }

    public static ApiVersionsRequest Versions() => new() { ClientSoftwareName = "moldau", ClientSoftwareVersion = "1.2.3" };

    public static ApiVersionsResponse VersionsServed()
    {
        var response = new ApiVersionsResponse();
        foreach (var api in ApiTable.All)
            response.ApiKeys.Add(new ApiVersionsResponse.Api { ApiKey = (short)api.Key, MinVersion = api.LowestAdvertisedVersion, MaxVersion = api.HighestAdvertisedVersion });
        return response;
    }

    public static HeartbeatRequest Heartbeat() => new() { GroupId = "billing", GenerationId = 12, MemberId = MemberId(1) };

    public static OffsetCommitRequest Commit(int partitions)
    {
        var topic = new OffsetCommitRequest.Topic { Name = "orders" };
        for (var i = 0; i < partitions; i++)
            topic.Partitions.Add(new OffsetCommitRequest.Partition { PartitionIndex = i, CommittedOffset = 1_000_000 + i, CommittedLeaderEpoch = 4, CommittedMetadata = "" });
        var request = new OffsetCommitRequest { GroupId = "billing", GenerationIdOrMemberEpoch = 12, MemberId = MemberId(1) };
        request.Topics.Add(topic);
        return request;
    }

    public static JoinGroupResponse Joined(int members)
    {
        var response = new JoinGroupResponse { GenerationId = 12, ProtocolType = "consumer", ProtocolName = "range", Leader = MemberId(0), MemberId = MemberId(0) };
        for (var i = 0; i < members; i++) response.Members.Add(new JoinGroupResponse.Member { MemberId = MemberId(i), Metadata = new byte[40] });
        return response;
    }

    private static string MemberId(int number) => $"billing-client-{number}-3f0c5d5e-9d1f-4d52-a1e0-7c1a3b2f4e5d";
}
