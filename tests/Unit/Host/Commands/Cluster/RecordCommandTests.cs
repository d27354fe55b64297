using System.Text.Json;
using Moldau.Client;
using Moldau.Client.Producing;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Host.Commands.Cluster;

public class RecordCommandTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Lines_come_out_as_they_went_in(string codec)
    {
        await using var broker = await TestBroker.StartAsync();
        await VerbRun.OfAsync(broker, "topic", "create", "orders", "--partitions", "1");
        var lines = string.Concat(Enumerable.Range(0, 5000).Select(static i => $"line {i}\n"));

        var written = await VerbRun.WithAsync(broker, lines, null, "produce", "orders", "--codec", codec);

        Assert.Equal((0, "", "5000 records written\n"), (written.ExitCode, written.Output, written.Error));
        Assert.Equal(lines, (await VerbRun.OfAsync(broker, "consume", "orders")).Output);
    }

    [Fact]
    public async Task Keys_headers_and_partitions_are_written_printed_and_filtered()
    {
        await using var broker = await TestBroker.StartAsync();
        await VerbRun.OfAsync(broker, "topic", "create", "orders", "--partitions", "2");
        await VerbRun.WithAsync(broker, "a:1\nb:2\nc:-", null, "produce", "orders", "--key-separator", ":", "--null", "-", "--header", "from=test", "--partition", "1");
        await VerbRun.WithAsync(broker, "d:4\n", null, "produce", "orders", "-K", ":", "-p", "0");

        Assert.Equal(["orders 1 0 a 1 from=test", "orders 1 1 b 2 from=test", "orders 1 2 c  from=test"], (await VerbRun.OfAsync(broker, "consume", "orders", "-p", "1", "-o", "%t %p %o %k %v %h")).Lines);
        Assert.Equal("2", (await VerbRun.OfAsync(broker, "consume", "orders", "--key", "b", "-o", "%v")).Output.Trim());
        Assert.Equal(3, (await VerbRun.OfAsync(broker, "consume", "orders", "--header", "from=test")).Output.Count(static c => c == '\n'));
        Assert.Equal("d", (await VerbRun.OfAsync(broker, "consume", "orders", "-p", "0", "-o", "%k\\0")).Output.TrimEnd('\0'));
        Assert.Equal(["c -1"], (await VerbRun.OfAsync(broker, "consume", "orders", "-p", "1", "--tail", "1", "-o", "%k %V")).Lines);
        Assert.Equal(["b", "c"], (await VerbRun.OfAsync(broker, "consume", "orders", "-p", "1", "--from", "1", "-o", "%k")).Lines);
        Assert.Equal(["a"], (await VerbRun.OfAsync(broker, "consume", "orders", "-p", "1", "--count", "1", "-o", "%k")).Lines);
        Assert.Equal(4, (await VerbRun.OfAsync(broker, "consume", "orders", "--from", "2020-01-01", "-o", "%k")).Lines.Length);
        Assert.Empty((await VerbRun.OfAsync(broker, "consume", "orders", "--from", "2100-01-01")).Lines);
    }

    [Fact]
    public async Task Json_has_kcats_names_and_tells_bytes_that_are_no_text()
    {
        await using var broker = await TestBroker.StartAsync();
        await using (var client = new KafkaClient(new KafkaClientOptions { Bootstrap = $"127.0.0.1:{broker.Address.Port}" }))
        {
            await VerbRun.OfAsync(broker, "topic", "create", "raw");
            await using var producer = client.CreateProducer();
            var ack = await producer.SendAsync("raw", new OutgoingRecord { Key = new byte[] { 0xff, 0x00 }, Value = "text \"quoted\""u8.ToArray(), Headers = [new("h", "1"u8.ToArray())] }, TestContext.Current.CancellationToken);
            Assert.Equal(0, ack.Offset);
        }

        using var json = JsonDocument.Parse((await VerbRun.OfAsync(broker, "consume", "raw", "--format", "json")).Output);
        Assert.Equal("/wA=", json.RootElement.GetProperty("keyBase64").GetString());
        Assert.Equal("text \"quoted\"", json.RootElement.GetProperty("payload").GetString());
        Assert.Equal(["h", "1"], json.RootElement.GetProperty("headers").EnumerateArray().Select(static header => header.GetString()));
        Assert.Equal([0xff, 0x00, (byte)'\n'], (await VerbRun.OfAsync(broker, "consume", "raw", "-o", "%k")).Bytes);
    }

    [Fact]
    public async Task Following_shows_what_comes()
    {
        await using var broker = await TestBroker.StartAsync();
        await VerbRun.OfAsync(broker, "topic", "create", "orders");
        await VerbRun.WithAsync(broker, "old\n", null, "produce", "orders");

        var following = VerbRun.OfAsync(broker, "consume", "orders", "--follow", "--from", "0", "--count", "2");
        await VerbRun.WithAsync(broker, "new\n", null, "produce", "orders");

        Assert.Equal(["old", "new"], (await following.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Lines);
    }

    [Fact]
    public async Task A_topic_is_made_by_the_first_record_where_the_broker_makes_topics()
    {
        await using var broker = await TestBroker.StartAsync();

        var written = await VerbRun.WithAsync(broker, "first\n", null, "produce", "fresh");

        Assert.Equal("1 record written\n", written.Error);
        Assert.Equal(["first"], (await VerbRun.OfAsync(broker, "consume", "fresh")).Lines);
    }

    [Theory]
    [InlineData(1, "orders-0: there is no offset 7", "consume", "orders", "--from", "7", "--follow")]
    [InlineData(1, "orders-5: topic 'orders' has partitions 0 to 0", "consume", "orders", "-p", "5")]
    [InlineData(1, "nothing: there is no topic 'nothing'", "consume", "nothing")]
    [InlineData(2, "--from and --tail both say where to begin", "consume", "orders", "--from", "1", "--tail", "1")]
    [InlineData(2, "--output: '%x' means nothing", "consume", "orders", "-o", "%x")]
    [InlineData(2, "--codec takes none, gzip, snappy, lz4 or zstd, not 'zip'", "produce", "orders", "--codec", "zip")]
    [InlineData(2, "a line without the separator ':': 'line'", "produce", "orders", "--key-separator", ":")]
    public async Task What_cannot_be_done_is_told(int exitCode, string told, params string[] arguments)
    {
        await using var broker = await TestBroker.StartAsync();
        await VerbRun.OfAsync(broker, "topic", "create", "orders");

        var run = await VerbRun.WithAsync(broker, "line\n", null, arguments);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith($"moldau: {told}", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task A_large_record_that_the_broker_refuses_is_told_with_its_reason()
    {
        await using var broker = await TestBroker.StartAsync();
        await VerbRun.OfAsync(broker, "topic", "create", "orders", "--config", "max.message.bytes=1000");

        var run = await VerbRun.WithAsync(broker, new string('x', 5000), null, "produce", "orders");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("1 records of orders-0 were not confirmed", run.Error, StringComparison.Ordinal);
        Assert.Contains("MESSAGE_TOO_LARGE", run.Error, StringComparison.Ordinal);
    }
}
