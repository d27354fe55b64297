using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Xunit;

namespace Moldau.Unit.Protocol.Messages;

public class MessageTests
{
    [Fact]
    public void Every_message_of_the_tables_round_trips_its_defaults_in_every_version()
    {
        foreach (var api in ApiTable.All)
        {
            RoundTrip(api.NewRequest);
            RoundTrip(api.NewResponse);
        }

        foreach (var record in StoredRecordTable.All)
        {
            RoundTrip(record.NewKey);
            RoundTrip(record.NewValue);
        }
    }

    [Fact]
    public void A_version_that_is_not_served_is_refused_with_those_that_are()
    {
        var refused = Assert.Throws<UnsupportedMessageVersionException>(() => MessageBytes.Write(new ProduceRequest(), 2));
        Assert.Contains("versions 3 to 13", refused.Message, StringComparison.Ordinal);
        Assert.Throws<UnsupportedMessageVersionException>(() => MessageBytes.Read<FetchRequest>(new byte[100], 99));
    }

    [Fact]
    public void What_a_version_cannot_carry_is_refused_and_named()
    {
        var response = new FetchResponse { SessionId = 5 };

        var refused = Assert.Throws<UnsupportedFieldException>(() => MessageBytes.Write(response, 6));

        Assert.Equal("FetchResponse.SessionId", refused.Field);
        Assert.Equal(6, refused.Version);
        MessageBytes.Write(response, 7);
    }

    [Fact]
    public void What_may_be_ignored_is_dropped()
    {
        var bytes = MessageBytes.Write(new FetchResponse { ErrorCode = ErrorCode.UnknownServerError }, 4);

        Assert.Equal(ErrorCode.None, MessageBytes.Read<FetchResponse>(bytes, 4).ErrorCode);
    }

    [Fact]
    public void Null_is_refused_in_both_directions_where_the_version_has_none()
    {
        Assert.Throws<UnsupportedFieldException>(() => MessageBytes.Write(new MetadataRequest { Topics = null }, 0));
        MessageBytes.Write(new MetadataRequest { Topics = null }, 1);
        Assert.Throws<MalformedMessageException>(() => MessageBytes.Read<MetadataRequest>(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, 0));
    }

    [Fact]
    public void A_tag_of_a_later_version_is_passed_over()
    {
        // A heartbeat of version 4 without texts, then two tagged fields that nobody knows.
        byte[] bytes = [1, 0, 0, 0, 7, 1, 0, 2, 5, 3, 9, 9, 9, 6, 0];

        var request = MessageBytes.Read<HeartbeatRequest>(bytes, 4);

        Assert.Equal(7, request.GenerationId);
    }

    [Fact]
    public void A_tagged_field_longer_than_its_content_is_refused()
    {
        var response = new ApiVersionsResponse { FinalizedFeaturesEpoch = 3 };
        var bytes = MessageBytes.Write(response, 4);
        Assert.Equal([1, 1, 8, 0, 0, 0, 0, 0, 0, 0, 3], bytes[^11..]);

        var longer = (byte[])[.. bytes[..^9], 9, .. bytes[^8..], 0];
        Assert.Throws<MalformedMessageException>(() => MessageBytes.Read<ApiVersionsResponse>(longer, 4));
    }

    [Fact]
    public void Bytes_behind_a_message_are_refused()
    {
        var bytes = MessageBytes.Write(new HeartbeatRequest { GroupId = "g", MemberId = "m" }, 4);
        Assert.Throws<MalformedMessageException>(() => MessageBytes.Read<HeartbeatRequest>((byte[])[.. bytes, 0], 4));
    }

    [Fact]
    public void A_request_read_again_into_the_same_instance_allocates_nothing()
    {
        var request = new ProduceRequest { Acks = -1, TimeoutMs = 30_000 };
        for (var t = 0; t < 3; t++)
        {
            var topic = new ProduceRequest.Topic { Name = $"topic-{t}" };
            for (var p = 0; p < 4; p++) topic.PartitionData.Add(new ProduceRequest.Partition { Index = p, Records = RecordData.Of(new byte[100]) });
            request.TopicData.Add(topic);
        }

        var bytes = MessageBytes.Write(request, 11);
        var strings = new StringCache();
        var reused = new ProduceRequest();
        for (var i = 0; i < 3; i++) Read(reused, bytes, strings);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(reused, bytes, strings);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Equal(["topic-0", "topic-1", "topic-2"], reused.TopicData.Select(static topic => topic.Name));
        Assert.All(reused.TopicData, static topic => Assert.Equal(4, topic.PartitionData.Count));
    }

    [Fact]
    public void An_instance_read_again_keeps_nothing_of_what_it_held()
    {
        var full = new FetchResponse { ThrottleTimeMs = 9, SessionId = 4 };
        var topic = new FetchResponse.FetchedTopic { TopicId = new Uuid(1, 2) };
        topic.Partitions.Add(new FetchResponse.FetchedPartition { PartitionIndex = 3, ErrorCode = ErrorCode.NotLeaderOrFollower, PreferredReadReplica = 8 });
        full.Responses.Add(topic);
        full.NodeEndpoints.Add(new FetchResponse.NodeEndpoint { NodeId = 1, Host = "h", Port = 2 });

        MessageBytes.ReadInto(full, MessageBytes.Write(new FetchResponse(), 16), 16);

        Assert.Equal(MessageBytes.Write(new FetchResponse(), 16), MessageBytes.Write(full, 16));
    }

    [Fact]
    public void Records_sent_from_their_source_leave_a_gap_that_is_noted()
    {
        var source = new object();
        var inMemory = FetchOf(RecordData.Of(new byte[] { 1, 2, 3, 4, 5 }));
        var spliced = FetchOf(RecordData.From(source, 5));
        var whole = MessageBytes.Write(inMemory, 16);

        Assert.Equal(whole.Length, spliced.Size(16));
        Assert.Equal(5, spliced.SplicedSize);
        Assert.Equal(0, inMemory.SplicedSize);
        var bytes = new byte[spliced.Size(16) - spliced.SplicedSize];
        var splices = new List<Splice>();
        var writer = new WireWriter(bytes, splices);
        spliced.Write(ref writer, 16);

        var splice = Assert.Single(splices);
        Assert.Same(source, splice.Source);
        Assert.Equal(whole, [.. bytes[..splice.Position], 1, 2, 3, 4, 5, .. bytes[splice.Position..]]);
    }

    [Fact]
    public void The_header_of_an_answer_to_ApiVersions_is_never_flexible()
    {
        Assert.Equal(0, ApiTable.Get(ApiKey.ApiVersions).ResponseHeaderVersion(4));
        Assert.Equal(2, ApiTable.Get(ApiKey.ApiVersions).RequestHeaderVersion(4));
        Assert.Equal(1, ApiTable.Get(ApiKey.Produce).ResponseHeaderVersion(9));
        Assert.Equal(1, ApiTable.Get(ApiKey.Produce).RequestHeaderVersion(8));
        Assert.Equal(0, ApiTable.Get(ApiKey.Produce).LowestAdvertisedVersion);
    }

    [Fact]
    public void A_key_that_is_no_api_is_not_found()
    {
        Assert.False(ApiTable.TryGet(4, out _));
        Assert.False(ApiTable.TryGet(-1, out _));
        Assert.False(ApiTable.TryGet(short.MaxValue, out _));
        Assert.True(StoredRecordTable.TryGet("__consumer_offsets", 1, out var record));
        Assert.Equal("OffsetCommit", record.Name);
    }

    private static void Read(ProduceRequest request, byte[] bytes, StringCache strings)
    {
        var reader = new WireReader(bytes, strings);
        request.Read(ref reader, 11);
        reader.ExpectEnd("ProduceRequest");
    }

    private static FetchResponse FetchOf(RecordData records)
    {
        var topic = new FetchResponse.FetchedTopic { TopicId = new Uuid(1, 2) };
        topic.Partitions.Add(new FetchResponse.FetchedPartition { PartitionIndex = 3, HighWatermark = 10, Records = records });
        var response = new FetchResponse();
        response.Responses.Add(topic);
        return response;
    }

    private static void RoundTrip(Func<IMessage> create)
    {
        var message = create();
        for (var version = message.LowestSupportedVersion; version <= message.HighestSupportedVersion; version++)
        {
            var bytes = MessageBytes.Write(message, version);
            var back = create();
            MessageBytes.ReadInto(back, bytes, version);
            Assert.Equal(bytes, MessageBytes.Write(back, version));
        }
    }
}
