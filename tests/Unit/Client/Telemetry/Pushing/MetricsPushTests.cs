using Moldau.Broker.Telemetry;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Unit.Client.Connections;
using Xunit;

namespace Moldau.Unit.Client.Telemetry.Pushing;

/// <summary>What a client asks and pushes, by what a scripted broker gets; the broker's own decoder reads it.</summary>
public class MetricsPushTests
{
    private static readonly Uuid Id = new(3, 4);

    private readonly ScriptedBroker _broker = new();
    private readonly List<PushTelemetryRequest> _pushes = [];
    private readonly List<Uuid> _questions = [];
    private GetTelemetrySubscriptionsResponse _wanted = new() { ClientInstanceId = Id, SubscriptionId = 9, PushIntervalMs = 1, DeltaTemporality = true, RequestedMetrics = ["org.apache.kafka."] };

    public MetricsPushTests()
    {
        _broker.On(ApiKey.GetTelemetrySubscriptions, (request, _, _) =>
        {
            lock (_pushes) _questions.Add(((GetTelemetrySubscriptionsRequest)request).ClientInstanceId);
            return ScriptedReply.Of(_wanted);
        });
        _broker.On(ApiKey.PushTelemetry, (request, _, _) =>
        {
            lock (_pushes) _pushes.Add((PushTelemetryRequest)request);
            return ScriptedReply.Of(new PushTelemetryResponse());
        });
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task What_is_asked_for_is_pushed_in_the_brokers_codec_and_once_more_at_the_end(CompressionType codec)
    {
        if (codec != CompressionType.None) _wanted.AcceptedCompressionTypes.Add((sbyte)codec);
        await using (var client = new KafkaClient(_broker.Options() with { PushesMetrics = true }))
        {
            await using var producer = client.CreateProducer();
            Assert.Equal(Id, await client.ClientInstanceIdAsync(Token));
            await UntilAsync(() => _pushes.Count >= 2);
        }

        lock (_pushes)
        {
            Assert.All(_pushes, push => Assert.Equal((Id, 9, (sbyte)codec), (push.ClientInstanceId, push.SubscriptionId, push.CompressionType)));
            Assert.Equal([.. Enumerable.Repeat(false, _pushes.Count - 1), true], _pushes.Select(static push => push.Terminating));
            // Differences: what the first told, no other tells again.
            var opened = _pushes.ConvertAll(push => Assert.Single(ValuesOf(push), static value => value.Name == "org.apache.kafka.producer.connection.creation.total"));
            Assert.All(opened, static value => Assert.Equal((TelemetryKind.Counter, true), (value.Kind, value.IsDifference)));
            Assert.Equal(1, opened[0].Value);
            Assert.Equal(1, opened.Sum(static value => value.Value));
            Assert.Contains(ValuesOf(_pushes[0]), static value => value.Name == "org.apache.kafka.producer.node.request.latency.avg" && value.Attributes.Any(static pair => pair is { Key: "node_id", Value: "1" }));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Sums_since_the_beginning_stay_and_what_is_not_wanted_is_left_out()
    {
        _wanted.DeltaTemporality = false;
        _wanted.RequestedMetrics = ["org.apache.kafka.producer.connection.creation.total"];
        await using (var client = new KafkaClient(_broker.Options() with { PushesMetrics = true }))
        {
            await using var producer = client.CreateProducer(new ProducerOptions { TransactionalId = "tx" });
            await client.ClientInstanceIdAsync(Token);
            await UntilAsync(() => _pushes.Count >= 2);
        }

        lock (_pushes)
        {
            foreach (var push in _pushes)
            {
                var value = Assert.Single(ValuesOf(push));
                Assert.Equal(("org.apache.kafka.producer.connection.creation.total", 1.0, false), (value.Name, value.Value, value.IsDifference));
                Assert.Equal([KeyValuePair.Create("transactional_id", "tx")], value.Attributes);
            }
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_subscription_that_is_unknown_is_asked_for_again_with_the_id_it_has()
    {
        var refusals = 1;
        _broker.On(ApiKey.PushTelemetry, (request, _, _) =>
        {
            lock (_pushes) _pushes.Add((PushTelemetryRequest)request);
            return ScriptedReply.Of(new PushTelemetryResponse { ErrorCode = refusals-- > 0 ? ErrorCode.UnknownSubscriptionId : ErrorCode.None });
        });
        await using var client = new KafkaClient(_broker.Options() with { PushesMetrics = true });
        await using var consumer = client.CreateConsumer<byte[], byte[]>(new ConsumerOptions());
        await client.ClientInstanceIdAsync(Token);
        await UntilAsync(() => _pushes.Count >= 3);
        lock (_pushes) Assert.Equal([Uuid.Zero, Id], _questions);
    }

    [Fact(Timeout = 60_000)]
    public async Task Brokers_that_know_nothing_of_it_are_not_asked_and_neither_is_anybody_where_it_is_off()
    {
        _broker.On(ApiKey.ApiVersions, static (_, _, _) =>
        {
            var versions = ScriptedBroker.AllVersions();
            versions.ApiKeys = [.. versions.ApiKeys.Where(static api => api.ApiKey is not ((short)ApiKey.GetTelemetrySubscriptions) and not ((short)ApiKey.PushTelemetry))];
            return ScriptedReply.Of(versions);
        });
        await using (var client = new KafkaClient(_broker.Options() with { PushesMetrics = true }))
        {
            await using var producer = client.CreateProducer();
            var failure = await Assert.ThrowsAsync<KafkaException>(() => client.ClientInstanceIdAsync(Token));
            Assert.Equal(ErrorCode.UnsupportedVersion, failure.Code);
        }

        await using var silent = new KafkaClient(_broker.Options());
        await using var another = silent.CreateProducer();
        await Assert.ThrowsAsync<InvalidOperationException>(() => silent.ClientInstanceIdAsync(Token));
        Assert.Empty(_questions);
        Assert.Empty(_pushes);
    }

    private static IReadOnlyList<TelemetryValue> ValuesOf(PushTelemetryRequest push)
    {
        using var plain = new PooledBuffer();
        if (push.CompressionType == 0) plain.Write(push.Metrics.Span);
        else Codecs.Decompress((CompressionType)push.CompressionType, push.Metrics.Span, plain);
        var payload = new TelemetryPayload(1000);
        payload.Read(plain.WrittenSpan);
        return payload.Values;
    }

    private async Task UntilAsync(Func<bool> isSo)
    {
        while (true)
        {
            lock (_pushes)
            {
                if (isSo()) return;
            }

            await Task.Delay(5, Token);
        }
    }
}
