using System.Buffers.Binary;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Xunit;

namespace Moldau.Unit.Broker.Serving;

/// <summary>What one connection may expect: order, overlap, limits, and an end where it breaks the rules.</summary>
public class ConnectionTests
{
    public static TheoryData<bool> Transports => [true, false];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Pipelined_requests_take_effect_and_are_answered_in_order(bool isNative)
    {
        await using var broker = await TestBroker.StartAsync(options => options with { UsesNativeSockets = isNative });
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        const int Count = 500;
        for (var i = 0; i < Count; i++) await client.SendAsync(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch($"{i}"), acks: (short)(i % 2 == 0 ? 1 : -1)));
        for (var i = 0; i < Count; i++)
        {
            var answer = (await client.ReceiveAsync<ProduceResponse>(ApiKey.Produce, 9)).Responses[0].PartitionResponses[0];
            Assert.Equal((ErrorCode.None, i), (answer.ErrorCode, answer.BaseOffset));
        }

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}"), await ValuesAsync(client, "t"));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_request_behind_a_waiting_fetch_takes_effect_and_ends_the_wait(bool isNative)
    {
        await using var broker = await TestBroker.StartAsync(options => options with { UsesNativeSockets = isNative });
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        await client.SendAsync(ApiKey.Fetch, 12, Conversation.Fetch("t", 0, waitMs: 25_000));
        await client.SendAsync(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("a")));
        var fetched = await client.ReceiveAsync<FetchResponse>(ApiKey.Fetch, 12);
        Assert.True(fetched.Responses[0].Partitions[0].Records.Length > 0);
        Assert.Equal(0, (await client.ReceiveAsync<ProduceResponse>(ApiKey.Produce, 9)).Responses[0].PartitionResponses[0].BaseOffset);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Requests_behind_one_that_nothing_may_overtake_wait_and_none_is_lost(bool isNative)
    {
        var settings = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "200", ["offsets.topic.num.partitions"] = "1" };
        await using var broker = await TestBroker.StartAsync(options => options with { UsesNativeSockets = isNative }, settings: settings);
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        while ((await client.AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 4, new FindCoordinatorRequest { CoordinatorKeys = ["g"] })).Coordinators[0].ErrorCode != ErrorCode.None)
        {
        }

        const int Count = 50;
        for (var round = 0; round < 3; round++)
        {
            var join = new JoinGroupRequest { GroupId = $"g{round}", SessionTimeoutMs = 10_000, RebalanceTimeoutMs = 10_000, ProtocolType = "consumer", Protocols = [new JoinGroupRequest.Protocol { Name = "range" }] };
            await client.SendAsync(ApiKey.JoinGroup, 3, join);
            // Some find it waiting, whether they come at once or one by one, and are not taken before it has ended.
            for (var i = 0; i < Count; i++) await client.SendAsync(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch($"{i}")));
            Assert.Equal(ErrorCode.None, (await client.ReceiveAsync<JoinGroupResponse>(ApiKey.JoinGroup, 3)).ErrorCode);
            for (var i = 0; i < Count; i++)
            {
                var answer = (await client.ReceiveAsync<ProduceResponse>(ApiKey.Produce, 9)).Responses[0].PartitionResponses[0];
                Assert.Equal((ErrorCode.None, (round * Count) + i), (answer.ErrorCode, answer.BaseOffset));
            }
        }
    }

    [Fact]
    public async Task A_fetch_waits_for_its_time_and_then_answers_with_nothing()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        var fetched = await client.AskAsync<FetchResponse>(ApiKey.Fetch, 12, Conversation.Fetch("t", 0, waitMs: 30));
        Assert.Equal(0, fetched.Responses[0].Partitions[0].Records.Length);
        Assert.Equal(0, broker.Server.Topics.Find("t")!.Find(0)!.Fetches.Count);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Frames_may_come_byte_by_byte(bool isNative)
    {
        await using var broker = await TestBroker.StartAsync(options => options with { UsesNativeSockets = isNative });
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        byte[] frames = [.. client.Frame(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("a"))), .. client.Frame(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("b")))];
        for (var i = 0; i < frames.Length; i++) await client.SendRawAsync(frames.AsMemory(i, 1));
        for (var i = 0; i < 2; i++)
            Assert.Equal(i, (await client.ReceiveAsync<ProduceResponse>(ApiKey.Produce, 9)).Responses[0].PartitionResponses[0].BaseOffset);
    }

    [Theory]
    [InlineData(ApiKey.Metadata)]
    [InlineData(ApiKey.DescribeCluster)]
    public async Task Bytes_behind_a_request_are_passed_over(ApiKey key)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var isMetadata = key == ApiKey.Metadata;
        byte[] frame = [.. client.Frame(key, (short)(isMetadata ? 9 : 0), isMetadata ? new MetadataRequest() : new DescribeClusterRequest()), 0, 0, 7];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - sizeof(int));
        await client.SendRawAsync(frame);
        if (isMetadata) Assert.Single((await client.ReceiveAsync<MetadataResponse>(key, 9)).Brokers);
        else Assert.Single((await client.ReceiveAsync<DescribeClusterResponse>(key, 0)).Brokers);
        await client.CreateAsync("t");
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Large_frames_and_replies_pass(bool isNative)
    {
        await using var broker = await TestBroker.StartAsync(options => options with { UsesNativeSockets = isNative });
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        var values = Enumerable.Range(0, 20).Select(i => new string((char)('a' + i), 40_000)).ToArray();
        for (var i = 0; i < 20; i++) await client.SendAsync(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch(values)));
        for (var i = 0; i < 20; i++) Assert.Equal(ErrorCode.None, (await client.ReceiveAsync<ProduceResponse>(ApiKey.Produce, 9)).Responses[0].PartitionResponses[0].ErrorCode);
        for (var i = 0; i < 20; i++) await client.SendAsync(ApiKey.Fetch, 12, Conversation.Fetch("t", i * 20));
        for (var i = 0; i < 20; i++)
        {
            var records = (await client.ReceiveAsync<FetchResponse>(ApiKey.Fetch, 12)).Responses[0].Partitions[0].Records;
            Assert.True(records.Length > 800_000);
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_refused_produce_without_a_reply_ends_the_connection_before_anything_behind_it_is_answered(bool isNative)
    {
        await using var broker = await TestBroker.StartAsync(options => options with { UsesNativeSockets = isNative });
        using var client = await broker.ConnectAsync();
        byte[] frames =
        [
            .. client.Frame(ApiKey.Produce, 9, Conversation.Produce("none", Conversation.Batch("a"), acks: 0)),
            .. client.Frame(ApiKey.ApiVersions, 0, new ApiVersionsRequest()),
        ];
        await client.SendRawAsync(frames);
        await client.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(100 * 1024 * 1024 + 1)]
    public async Task A_frame_of_an_absurd_length_closes_the_connection(int length)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var frame = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame, length);
        await client.SendRawAsync(frame);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_request_that_is_cut_off_inside_its_frame_closes_the_connection_and_nothing_of_it_counts()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        var frame = client.Frame(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("a")));
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4 - 10);
        await client.SendRawAsync(frame.AsMemory(0, frame.Length - 10));
        await client.ExpectClosedAsync();
        Assert.Equal(0, broker.Server.Topics.Find("t")!.Find(0)!.Log!.EndOffset);
    }

    [Fact]
    public async Task Api_versions_of_an_unknown_version_are_answered_in_version_0()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var frame = client.Frame(ApiKey.ApiVersions, 4, new ApiVersionsRequest { ClientSoftwareName = "a", ClientSoftwareVersion = "1" });
        frame[7] = 99;
        await client.SendRawAsync(frame);
        var answer = await client.ReceiveAsync<ApiVersionsResponse>(ApiKey.ApiVersions, 0);
        Assert.Equal(ErrorCode.UnsupportedVersion, answer.ErrorCode);
        var own = Assert.Single(answer.ApiKeys);
        Assert.Equal(((short)18, (short)0, (short)4), (own.ApiKey, own.MinVersion, own.MaxVersion));
        Assert.Equal(ErrorCode.None, (await client.AskAsync<ApiVersionsResponse>(ApiKey.ApiVersions, 0, new ApiVersionsRequest())).ErrorCode);
    }

    [Fact]
    public async Task Produce_of_a_version_that_is_only_advertised_closes_the_connection()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var frame = client.Frame(ApiKey.Produce, 3, Conversation.Produce("t", Conversation.Batch("a")));
        frame[7] = 2;
        await client.SendRawAsync(frame);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_produce_with_acks_0_has_no_reply_and_an_error_of_it_closes_the_connection()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        await client.SendAsync(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("a"), acks: 0));
        client.Skip();
        Assert.Equal(1, (await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("b")))).Responses[0].PartitionResponses[0].BaseOffset);
        await client.SendAsync(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("a"), acks: 0, partition: 7));
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task More_connections_than_allowed_are_closed_and_one_that_goes_makes_room()
    {
        await using var broker = await TestBroker.WithAsync("max.connections", "2");
        using var first = await broker.ConnectAsync();
        var second = await broker.ConnectAsync();
        await first.CreateAsync("t");
        await second.CreateAsync("t");
        using (var third = await broker.ConnectAsync()) await third.ExpectClosedAsync();
        second.Dispose();
        await UntilAsync(() => broker.Server.Connections.Count == 1, "the second connection's end");
        using var fourth = await broker.ConnectAsync();
        await fourth.CreateAsync("t");
    }

    [Fact]
    public async Task One_address_cannot_take_all_connections()
    {
        await using var broker = await TestBroker.WithAsync("max.connections.per.ip", "1");
        using var first = await broker.ConnectAsync();
        await first.CreateAsync("t");
        using var second = await broker.ConnectAsync();
        await second.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_connection_that_does_nothing_or_begins_a_request_and_never_ends_it_is_closed()
    {
        await using var broker = await TestBroker.WithAsync("connections.max.idle.ms", "50");
        using var idle = await broker.ConnectAsync();
        using var slow = await broker.ConnectAsync();
        await slow.SendRawAsync(new byte[] { 0, 0, 1, 0, 0 });
        await idle.ExpectClosedAsync();
        await slow.ExpectClosedAsync();
    }

    [Fact]
    public async Task While_memory_is_short_requests_wait_and_none_is_lost()
    {
        await using var broker = await TestBroker.WithAsync("queued.max.request.bytes", "65536");
        var clients = new List<Conversation>();
        for (var i = 0; i < 8; i++) clients.Add(await broker.ConnectAsync());
        await clients[0].CreateAsync("t");
        var batch = Conversation.Batch(new string('x', 100_000));
        await Task.WhenAll(clients.Select(async client =>
        {
            for (var i = 0; i < 20; i++) await client.SendAsync(ApiKey.Produce, 9, Conversation.Produce("t", batch));
        }));
        foreach (var client in clients)
        {
            for (var i = 0; i < 20; i++) Assert.Equal(ErrorCode.None, (await client.ReceiveAsync<ProduceResponse>(ApiKey.Produce, 9)).Responses[0].PartitionResponses[0].ErrorCode);
            client.Dispose();
        }

        Assert.Equal(160, broker.Server.Topics.Find("t")!.Find(0)!.Log!.EndOffset);
    }

    [Fact]
    public async Task A_broker_that_stops_answers_first_what_it_was_asked()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        await client.SendAsync(ApiKey.Fetch, 12, Conversation.Fetch("t", 0, waitMs: 25_000));
        var partition = broker.Server.Topics.Find("t")!.Find(0)!;
        await UntilAsync(() => partition.Fetches.Count > 0, "the fetch to wait");
        var stopping = broker.DisposeAsync().AsTask();
        Assert.Equal(0, (await client.ReceiveAsync<FetchResponse>(ApiKey.Fetch, 12)).Responses[0].Partitions[0].Records.Length);
        await client.ExpectClosedAsync();
        await stopping;
    }

    [Fact]
    public async Task A_broker_that_stops_closes_its_connections_and_starts_again_with_everything()
    {
        var disk = new Moldau.Storage.Files.Memory.MemoryFileSystem();
        await using (var broker = await TestBroker.StartAsync(disk: disk))
        {
            using var client = await broker.ConnectAsync();
            await client.CreateAsync("t");
            await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("a", "b")));
            await broker.DisposeAsync();
            await client.ExpectClosedAsync();
        }

        await using var again = await TestBroker.StartAsync(disk: disk);
        using var reader = await again.ConnectAsync();
        Assert.Equal(["a", "b"], await ValuesAsync(reader, "t"));
    }

    internal static async Task<List<string>> ValuesAsync(Conversation client, string topic)
    {
        var values = new List<string>();
        while (true)
        {
            var partition = (await client.AskAsync<FetchResponse>(ApiKey.Fetch, 12, Conversation.Fetch(topic, values.Count))).Responses[0].Partitions[0];
            Assert.Equal(ErrorCode.None, partition.ErrorCode);
            if (partition.Records.Length == 0) return values;
            Read(partition.Records.Bytes.Span, values);
        }
    }

    private static void Read(ReadOnlySpan<byte> bytes, List<string> values)
    {
        using var scratch = new Moldau.Protocol.Compression.PooledBuffer();
        var batches = new BatchReader(bytes);
        while (batches.MoveNext())
        {
            var records = batches.Current.GetRecords(scratch);
            while (records.MoveNext())
            {
                if (batches.Current.BaseOffset + records.OffsetDelta >= values.Count) values.Add(System.Text.Encoding.UTF8.GetString(records.Value.Span));
            }
        }
    }

    internal static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, $"waited 30 s for {what}");
            await Task.Delay(5, CancellationToken.None);
        }
    }
}
