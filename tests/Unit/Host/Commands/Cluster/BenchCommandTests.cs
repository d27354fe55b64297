using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Host.Commands.Cluster;

public class BenchCommandTests
{
    [Fact]
    public async Task What_is_measured_comes_in_the_columns_of_Kafkas_tools()
    {
        await using var broker = await TestBroker.StartAsync();
        await VerbRun.OfAsync(broker, "topic", "create", "load", "--partitions", "1");

        var produced = await VerbRun.OfAsync(broker, "bench", "produce", "load", "--records", "1000", "--size", "50");
        Assert.Matches(
            @"^1000 records sent, [\d.]+ records/sec \([\d.]+ MB/sec\), [\d.]+ ms avg latency, [\d.]+ ms max latency, \d+ ms 50th, \d+ ms 95th, \d+ ms 99th, \d+ ms 99.9th\.\n$", produced.Output);

        var consumed = await VerbRun.OfAsync(broker, "bench", "consume", "load", "--records", "1000");
        Assert.Equal("start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec", consumed.Lines[0]);
        var columns = consumed.Lines[1].Split(", ");
        Assert.Equal((10, "0.0477", "1000"), (columns.Length, columns[2], columns[4]));

        var latency = await VerbRun.OfAsync(broker, "bench", "latency", "load", "--records", "20");
        Assert.Matches(@"^Avg latency: [\d.]+ ms\nPercentiles: 50th = [\d.]+, 99th = [\d.]+, 99.9th = [\d.]+\n$", latency.Output);
    }
}
