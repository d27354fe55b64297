using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker.Diagnostics;
using Moldau.Host.Serving;
using Moldau.Unit.Broker.Serving;
using Moldau.Unit.Host.Commands.Cluster;
using Xunit;

namespace Moldau.Unit.Host.Commands.Debugging;

public class DebugCommandTests
{
    [Fact]
    public async Task A_partition_is_shown_with_its_offsets_segments_epochs_and_producers()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var http = await HttpSurface.TryStartAsync("127.0.0.1:0", broker.Server, NullLogger.Instance);
        Assert.Equal(0, (await VerbRun.OfAsync(broker, "topic", "create", "orders", "--partitions", "2")).ExitCode);
        Assert.Equal(0, (await VerbRun.WithAsync(broker, "a\nb\nc\n", null, "produce", "orders", "-p", "1")).ExitCode);

        var text = await RunAsync("debug", "partition", "orders", "1", "--http", http.Address!);
        Assert.Equal("", text.Error);
        Assert.Equal(0, text.ExitCode);
        Assert.Matches(@"^orders-1, topic id \S+, leader epoch 0\r?\nin .*orders-1\r?\n", text.Output);
        Assert.Matches(@"\n0 +3 +3 +3 +3 +0 +0\r?\n", text.Output);
        Assert.Matches(@"\n0 +\d+ +\d{4}-\S+Z +active\r?\n", text.Output);
        Assert.Matches(@"LEADER-EPOCH +START-OFFSET\r?\n0 +0\r?\n", text.Output);
        Assert.Matches(@"\n0 +0 +2 +2 +\d{4}-\S+Z +-\r?\n", text.Output);

        var json = await RunAsync("debug", "partition", "orders", "1", "--http", http.Address!, "--format", "json");
        var root = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal(3, root.GetProperty("logEndOffset").GetInt64());
        Assert.Equal("active", root.GetProperty("segments")[0].GetProperty("state").GetString());
        Assert.Equal(2, root.GetProperty("producers")[0].GetProperty("lastSequence").GetInt32());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("producers")[0].GetProperty("transactionStart").ValueKind);
    }

    [Theory]
    [InlineData("nothing", "0", "moldau: this broker has no topic 'nothing'")]
    [InlineData("orders", "7", "moldau: orders has partitions 0 to 0, not 7")]
    public async Task What_is_not_there_is_said(string topic, string partition, string expected)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var http = await HttpSurface.TryStartAsync("127.0.0.1:0", broker.Server, NullLogger.Instance);
        await VerbRun.OfAsync(broker, "topic", "create", "orders", "--partitions", "1");
        var run = await RunAsync("debug", "partition", topic, partition, "--http", http.Address!);
        Assert.Equal((1, expected), (run.ExitCode, run.Error.Trim()));
    }

    [Fact]
    public async Task Where_nobody_listens_the_error_says_what_to_do()
    {
        string address;
        await using (var broker = await TestBroker.StartAsync())
        {
            await using var http = await HttpSurface.TryStartAsync("127.0.0.1:0", broker.Server, NullLogger.Instance);
            address = http.Address!;
        }

        var run = await RunAsync("debug", "partition", "orders", "0", "--http", address);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"moldau: nobody answers HTTP on {address}: ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("a broker says at its start where its HTTP is, and --http takes it", run.Error.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_is_counted_and_a_sealed_segment_told_from_the_active_one()
    {
        await using var broker = await TestBroker.WithAsync("log.segment.bytes", "1048576");
        await VerbRun.OfAsync(broker, "topic", "create", "orders", "--partitions", "1");
        await VerbRun.WithAsync(broker, "a\n", null, "produce", "orders");
        var partition = broker.Server.Topics.Find("orders")!.Find(0)!;
        await partition.Queue.RunAsync(() => partition.Log!.Roll());
        await VerbRun.WithAsync(broker, "b\n", null, "produce", "orders");
        var reading = VerbRun.OfAsync(broker, "consume", "orders", "--from", "2", "--follow", "--count", "1");

        PartitionReport report;
        var until = DateTime.UtcNow.AddSeconds(20);
        do
        {
            report = (await PartitionReport.TakeAsync(broker.Server, "orders", 0)).Report!;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        while (report.WaitingFetches == 0 && DateTime.UtcNow < until);

        Assert.Equal(1, report.WaitingFetches);
        Assert.Equal(["sealed", "active"], report.Segments.Select(static segment => segment.State));
        Assert.Equal([0, 1], report.Segments.Select(static segment => segment.BaseOffset));
        await VerbRun.WithAsync(broker, "c\n", null, "produce", "orders");
        Assert.Equal(0, (await reading).ExitCode);
    }

    // The verb asks over HTTP, and waits for the answer on the thread that starts it.
    private static Task<CommandLineRun> RunAsync(params string[] arguments) => Task.Run(() => CommandLineRun.Of(arguments));
}
