using Moldau.Compatibility.Clients;
using Moldau.Compatibility.Serving;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Compatibility.Observability;

/// <summary>What the broker exports by OTLP, as others' decoders understand it, and what becomes of it without a collector.</summary>
public sealed class OtlpTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-otlp-").FullName;

    [Fact]
    public async Task Spans_metrics_and_logs_reach_a_collector()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var broker = await BrokerProcess.StartAsync(_folder, new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Endpoint,
            ["OTEL_SERVICE_NAME"] = "orders-broker",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=test",
            ["OTEL_TRACES_SAMPLER"] = "always_on",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
        });
        await Kcat.WriteAsync(broker.Address.ToString(), "orders", ["one", "two"]);
        Assert.Equal(2, (await Kcat.ReadCommittedAsync(broker.Address.ToString(), "orders")).Length);
        using var client = await broker.ConnectAsync();
        await client.AskAsync<OffsetFetchResponse>(ApiKey.OffsetFetch, 7, new OffsetFetchRequest { GroupId = "nobody", Topics = [] });

        var told = await receiver.WaitAsync(
            static one => one is { Signal: "span", Name: "send orders" },
            static one => one is { Signal: "span", Name: "poll orders" },
            static one => one is { Signal: "span", Name: "OffsetFetch", Status: 2 },
            static one => one is { Signal: "metric", Name: "moldau.topic.messages.in" } && one.Attributes["messaging.destination.name"] == "orders" && one.Value == 2,
            static one => one is { Signal: "metric", Name: "moldau.request.time" } && one.Attributes["messaging.operation.name"] == "Produce",
            static one => one is { Signal: "metric", Name: "moldau.partition.log.end.offset" } && one.Attributes["messaging.destination.name"] == "orders",
            static one => one is { Signal: "metric", Name: "moldau.flush.time", Value: > 0 },
            static one => one.Signal == "log" && one.Body!.StartsWith("listening on", StringComparison.Ordinal));

        Assert.All(told, static one => Assert.Equal(("orders-broker", "test"), (one.Resource["service.name"], one.Resource["deployment.environment.name"])));
        Span(told[0], "send");
        Span(told[1], "receive");
        Assert.Equal("NOT_COORDINATOR", told[2].Attributes["error.type"]);
        Assert.Equal(("counter", "histogram", "gauge", "histogram"), (told[3].Kind!.ToString(), told[4].Kind!.ToString(), told[5].Kind!.ToString(), told[6].Kind!.ToString()));
        Assert.Equal(("s", 18), (told[4].Unit, told[4].Bounds));
        Assert.Equal(("Information", "Moldau.Network"), (told[7].Severity, told[7].Scope));
    }

    [Fact]
    public async Task Without_a_collector_the_broker_serves_and_ends_as_ever()
    {
        // Port 9 discards, where anybody listens there at all.
        using var broker = await BrokerProcess.StartAsync(_folder, new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9", ["OTEL_TRACES_SAMPLER"] = "always_on", ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
        });
        await Kcat.WriteAsync(broker.Address.ToString(), "orders", Enumerable.Range(0, 2000).Select(static i => $"record {i}"));
        Assert.Equal(2000, (await Kcat.ReadCommittedAsync(broker.Address.ToString(), "orders")).Length);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Span(Told span, string kind)
    {
        Assert.Equal("Moldau.Broker", span.Scope);
        Assert.Equal(("kafka", kind, "orders"), (span.Attributes["messaging.system"], span.Attributes["messaging.operation.type"], span.Attributes["messaging.destination.name"]));
        Assert.Equal(("rdkafka", "127.0.0.1"), (span.Attributes["messaging.client.id"], span.Attributes["network.peer.address"]));
        Assert.True(span.Took > 0);
    }
}
