using System.Globalization;
using Moldau.Broker.Diagnostics;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Diagnostics;

/// <summary>What the page of metrics says of what a client did.</summary>
public class MetricsTests
{
    private const short Version = 9;

    [Fact]
    public async Task What_went_in_and_out_is_counted_by_topic_and_stays_when_the_topic_goes()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("orders");
        var batch = Conversation.Batch("one", "two", "three");
        await client.AskAsync<ProduceResponse>(ApiKey.Produce, Version, Conversation.Produce("orders", batch));
        await client.AskAsync<FetchResponse>(ApiKey.Fetch, 11, Conversation.Fetch("orders", 0));

        var page = await PageAsync(broker);
        Assert.Equal(3, page["moldau_topic_messages_in_total{topic=\"orders\"}"]);
        Assert.Equal(batch.Length, page["moldau_topic_in_bytes_total{topic=\"orders\"}"]);
        Assert.Equal(batch.Length, page["moldau_topic_out_bytes_total{topic=\"orders\"}"]);
        Assert.Equal(3, page["moldau_partition_log_end_offset{topic=\"orders\",partition=\"0\"}"]);
        Assert.Equal(1, page["moldau_requests_total{api=\"Produce\",version=\"9\"}"]);

        await client.AskAsync<DeleteTopicsResponse>(ApiKey.DeleteTopics, 4, new DeleteTopicsRequest { TopicNames = ["orders"], TimeoutMs = 30_000 });
        page = await PageAsync(broker);
        Assert.False(page.ContainsKey("moldau_topic_messages_in_total{topic=\"orders\"}"));
        Assert.Equal(3, page["moldau_topic_messages_in_total{topic=\"\"}"]);
    }

    [Fact]
    public async Task A_refused_batch_is_counted_by_code_by_topic_and_by_reason()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("orders");
        var damaged = Conversation.Batch("one");
        damaged[^1] ^= 0x55;
        var answer = await client.AskAsync<ProduceResponse>(ApiKey.Produce, Version, Conversation.Produce("orders", damaged));
        Assert.Equal(ErrorCode.CorruptMessage, answer.Responses[0].PartitionResponses[0].ErrorCode);
        await client.AskAsync<ProduceResponse>(ApiKey.Produce, Version, Conversation.Produce("nowhere", Conversation.Batch("one")));

        var page = await PageAsync(broker);
        Assert.Equal(1, page["moldau_request_errors_total{api=\"Produce\",error=\"CORRUPT_MESSAGE\"}"]);
        Assert.Equal(1, page["moldau_request_errors_total{api=\"Produce\",error=\"UNKNOWN_TOPIC_OR_PARTITION\"}"]);
        Assert.Equal(1, page["moldau_topic_produces_failed_total{topic=\"orders\"}"]);
        Assert.Equal(1, page["moldau_batches_rejected_total{reason=\"corrupt\"}"]);
        Assert.Equal(damaged.Length, page["moldau_rejected_bytes_total"]);
        Assert.Equal(1, page["moldau_unknown_partitions_total{kind=\"produce\"}"]);
    }

    [Fact]
    public async Task The_parts_of_a_requests_time_come_to_no_more_than_the_whole()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("orders");
        await client.AskAsync<FetchResponse>(ApiKey.Fetch, 11, Conversation.Fetch("orders", 0, waitMs: 100));
        // Whoever has this answer knows that the time of the one before it has been counted.
        await client.CreateAsync("orders");

        var page = await PageAsync(broker);
        double Sum(string part) => page[$"moldau_request_{part}_seconds_sum{{api=\"Fetch\"}}"];
        Assert.True(Sum("remote_time") >= 0.1, $"{Sum("remote_time")}");
        var parts = Sum("queue_time") + Sum("local_time") + Sum("remote_time") + Sum("reply_queue_time") + Sum("send_time");
        Assert.InRange(parts, Sum("remote_time"), Sum("time") + 1e-6);
        Assert.Equal(1, page["moldau_requests_expired_total{kind=\"fetch\"}"]);
        Assert.Equal(0, page["moldau_requests_waiting{kind=\"fetch\"}"]);
    }

    [Fact]
    public async Task Connections_are_counted_by_listener()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        using (var other = await broker.ConnectAsync())
        {
            await other.CreateAsync("orders");
            await client.CreateAsync("orders");
            Assert.Equal(2, (await PageAsync(broker))["moldau_connections{listener=\"PLAINTEXT\"}"]);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await PageAsync(broker))["moldau_connections{listener=\"PLAINTEXT\"}"] > 1) await Task.Delay(10, patience.Token);
        var page = await PageAsync(broker);
        Assert.Equal((2, 1), (page["moldau_connections_opened_total{listener=\"PLAINTEXT\"}"], page["moldau_connections_closed_total{listener=\"PLAINTEXT\"}"]));
    }

    [Fact]
    public async Task A_metric_has_no_more_series_than_is_set_and_says_how_many_are_left_out()
    {
        await using var broker = await TestBroker.StartAsync(settings: new() { ["moldau.metrics.max.series"] = "2", ["num.partitions"] = "5" });
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("orders");

        var page = await PageAsync(broker);
        Assert.Equal(2, page.Keys.Count(static key => key.StartsWith("moldau_partition_log_end_offset{", StringComparison.Ordinal)));
        Assert.Equal(3, page["moldau_metrics_left_out{metric=\"moldau_partition_log_end_offset\"}"]);
    }

    [Fact]
    public async Task Every_line_of_the_page_fits_its_declaration()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("orders");

        foreach (var reading in await BrokerMetrics.ReadAsync(broker.Server))
        {
            Assert.All(reading.Series, series => Assert.Equal(reading.Declaration.Labels.Count, series.Labels.Length));
            Assert.All(reading.Series, series => Assert.Equal(reading.Declaration.Kind == MetricKind.Histogram, series.Histogram is not null));
            Assert.Equal(reading.Series.Count, reading.Series.Select(static series => string.Join('\0', series.Labels)).Distinct().Count());
        }
    }

    private static async Task<Dictionary<string, double>> PageAsync(TestBroker broker) => (await MetricsPage.WriteAsync(broker.Server))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(static line => line[0] != '#')
        .ToDictionary(static line => line[..line.LastIndexOf(' ')], static line => line[(line.LastIndexOf(' ') + 1)..] is "+Inf" ? double.PositiveInfinity : double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
