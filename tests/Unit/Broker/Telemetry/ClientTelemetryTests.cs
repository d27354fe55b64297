using Moldau.Broker.Telemetry;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Unit.Broker.Serving;
using Moldau.Unit.Broker.Timing;
using Xunit;
using static Moldau.Unit.Broker.Telemetry.MetricsDataText;

namespace Moldau.Unit.Broker.Telemetry;

/// <summary>Clients that ask what to push, and push it, rightly and wrongly.</summary>
public class ClientTelemetryTests
{
    private const sbyte ClientMetrics = 16;
    private const int Interval = 1_000;

    [Fact]
    public async Task What_was_asked_for_is_pushed_and_the_latest_of_it_is_shown()
    {
        var clock = new TimerClock();
        await using var broker = await TestBroker.StartAsync(options => options with { Clock = clock });
        using var client = await broker.ConnectAsync("app-1");
        await client.AskAsync<ApiVersionsResponse>(ApiKey.ApiVersions, 3, new ApiVersionsRequest { ClientSoftwareName = "soft", ClientSoftwareVersion = "1.2" });
        var nothing = await AskAsync(client, Uuid.Zero);
        Assert.Equal((ErrorCode.None, 300_000, 0), (nothing.ErrorCode, nothing.PushIntervalMs, nothing.RequestedMetrics.Count));

        // Subscriptions that mean this client together; one for others not. Who knows the old one is told at once.
        await SubscribeAsync(client, "one", ("metrics", "b.,a."), ("interval.ms", "2000"), ("match", "client_id=app-.*,client_software_name=soft"));
        await SubscribeAsync(client, "two", ("metrics", "c."), ("interval.ms", "1000"));
        await SubscribeAsync(client, "three", ("metrics", "*"), ("interval.ms", "500"), ("match", "client_id=other"));
        var plan = await AskAsync(client, nothing.ClientInstanceId);
        Assert.Equal((ErrorCode.None, Interval, "a. b. c."), (plan.ErrorCode, plan.PushIntervalMs, string.Join(' ', plan.RequestedMetrics.Order(StringComparer.Ordinal))));
        Assert.Equal((nothing.ClientInstanceId, true, 1_048_576), (plan.ClientInstanceId, plan.DeltaTemporality, plan.TelemetryMaxBytes));
        Assert.NotEqual(nothing.SubscriptionId, plan.SubscriptionId);
        Assert.Equal([4, 3, 1, 2], plan.AcceptedCompressionTypes.Select(codec => (int)codec));
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, (await AskAsync(client, plan.ClientInstanceId)).ErrorCode);

        foreach (var compression in Enum.GetValues<CompressionType>())
        {
            var data = Data(Sum("a.sent", isDifference: true, isGrowing: true, Whole(2)), Gauge("a.depth", Point((int)compression)));
            Assert.Equal(ErrorCode.None, await PushAsync(client, plan, Compressed(compression, data), compression));
            clock.Move(Interval);
        }

        var shown = Assert.Single(broker.Server.Telemetry.Snapshot());
        Assert.Equal(("app-1", "soft", "1.2", "127.0.0.1"), (shown.Client.ClientId, shown.Client.SoftwareName, shown.Client.SoftwareVersion, shown.Client.Address));
        Assert.Equal([("a.depth", TelemetryKind.Gauge, 4.0), ("a.sent", TelemetryKind.Counter, 10.0)], shown.Values.Select(value => (value.Name, value.Kind, value.Value)).Order());

        // The last push may come early, and nothing comes behind it.
        Assert.Equal(ErrorCode.None, await PushAsync(client, plan, Data(Gauge("a.depth", Point(9))), isLast: true));
        Assert.Equal(ErrorCode.InvalidRequest, await PushAsync(client, plan, [], isLast: true));
        clock.Move(70_000);
        Assert.Empty(broker.Server.Telemetry.Snapshot());
    }

    [Fact]
    public async Task What_is_wrong_is_refused_with_its_error()
    {
        var clock = new TimerClock();
        await using var broker = await TestBroker.StartAsync(options => options with { Clock = clock }, settings: new() { ["telemetry.max.bytes"] = "5000" });
        using var client = await broker.ConnectAsync();
        await SubscribeAsync(client, "all", ("metrics", "*"), ("interval.ms", "1000"));
        var plan = await AskAsync(client, Uuid.Zero);
        Assert.Equal([""], plan.RequestedMetrics);

        Assert.Equal(ErrorCode.None, await PushAsync(client, plan, []));
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, await PushAsync(client, plan, []));
        clock.Move(Interval);
        Assert.Equal(ErrorCode.TelemetryTooLarge, await PushAsync(client, plan, new byte[5001]));
        foreach (var bomb in (CompressionType[])[CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd])
        {
            clock.Move(Interval);
            Assert.Equal(ErrorCode.TelemetryTooLarge, await PushAsync(client, plan, Compressed(bomb, new byte[60_000]), bomb));
            clock.Move(Interval);
            Assert.Equal(ErrorCode.InvalidRecord, await PushAsync(client, plan, [1, 2, 3, 4, 5, 6, 7, 8], bomb));
        }

        clock.Move(Interval);
        Assert.Equal(ErrorCode.InvalidRecord, await PushAsync(client, plan, Data(Gauge("cut", Point(1)))[..^3]));
        clock.Move(Interval);
        Assert.Equal(ErrorCode.UnsupportedCompressionType, await PushAsync(client, plan, [1], (CompressionType)9));
        // Who was told that may ask at once.
        Assert.Equal(ErrorCode.None, (await AskAsync(client, plan.ClientInstanceId)).ErrorCode);
        clock.Move(Interval);
        plan.SubscriptionId++;
        Assert.Equal(ErrorCode.UnknownSubscriptionId, await PushAsync(client, plan, []));
        Assert.Equal(ErrorCode.None, (await AskAsync(client, plan.ClientInstanceId)).ErrorCode);
        plan.ClientInstanceId = Uuid.Zero;
        Assert.Equal(ErrorCode.InvalidRequest, await PushAsync(client, plan, []));
        Assert.Empty(broker.Server.Telemetry.Snapshot());
        Assert.True(broker.Server.Telemetry.Refused > 12);
    }

    [Fact]
    public async Task New_instances_push_out_those_that_were_not_heard_of_for_longest()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await SubscribeAsync(client, "all", ("metrics", "*"), ("interval.ms", "3600000"));
        var telemetry = broker.Server.Telemetry;
        for (var i = 0; i < ClientTelemetry.MostClients + 50; i++)
        {
            var error = telemetry.Ask(id => new TelemetryIdentity(id, "c", "s", "v", "a", "1"), Uuid.Zero, out var answer);
            Assert.Equal(ErrorCode.None, error);
            var data = Data(Gauge("g", [.. Enumerable.Range(0, 30).Select(n => Point(n, ("n", $"{n}")))]));
            Assert.Equal(ErrorCode.None, telemetry.Push(null!, new TelemetryPush(answer.Id, answer.Plan.Id, false, 0, data), 100_000));
        }

        var shown = telemetry.Snapshot();
        Assert.True(shown.Count <= ClientTelemetry.MostClients);
        Assert.InRange(shown.Sum(one => one.Values.Count), 1, ClientTelemetry.MostSeries);
        Assert.True(telemetry.LeftOut > 0);
    }

    private static byte[] Compressed(CompressionType compression, byte[] data)
    {
        if (compression == CompressionType.None) return data;
        using var buffer = new PooledBuffer();
        Codecs.Compress(compression, data, buffer, Codecs.CheckLevel(compression, null));
        return buffer.WrittenSpan.ToArray();
    }

    private static Task<GetTelemetrySubscriptionsResponse> AskAsync(Conversation client, Uuid id) =>
        client.AskAsync<GetTelemetrySubscriptionsResponse>(ApiKey.GetTelemetrySubscriptions, 0, new GetTelemetrySubscriptionsRequest { ClientInstanceId = id });

    private static async Task<ErrorCode> PushAsync(Conversation client, GetTelemetrySubscriptionsResponse plan, byte[] metrics, CompressionType compression = CompressionType.None, bool isLast = false) =>
        (await client.AskAsync<PushTelemetryResponse>(ApiKey.PushTelemetry, 0, new PushTelemetryRequest
        {
            ClientInstanceId = plan.ClientInstanceId, SubscriptionId = plan.SubscriptionId, Terminating = isLast, CompressionType = (sbyte)compression, Metrics = metrics,
        })).ErrorCode;

    private static async Task SubscribeAsync(Conversation client, string name, params (string Key, string Value)[] settings)
    {
        var resource = new IncrementalAlterConfigsRequest.Resource { ResourceType = ClientMetrics, ResourceName = name };
        foreach (var (key, value) in settings) resource.Configs.Add(new() { Name = key, Value = value });
        var answer = await client.AskAsync<IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 1, new IncrementalAlterConfigsRequest { Resources = [resource] });
        Assert.Equal((ErrorCode.None, null), (answer.Responses[0].ErrorCode, answer.Responses[0].ErrorMessage));
    }
}
