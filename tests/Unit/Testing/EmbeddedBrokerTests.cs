using System.Diagnostics;
using Moldau.Broker.Settings.Start;
using Moldau.Protocol.Messages;
using Moldau.Testing;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Testing;

public class EmbeddedBrokerTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Many_run_at_once_and_none_knows_of_the_others()
    {
        const int Count = 8;
        var started = Stopwatch.GetTimestamp();
        var brokers = await Task.WhenAll(Enumerable.Range(0, Count).Select(static _ => EmbeddedBroker.StartAsync()));
        output.WriteLine($"{Count} brokers in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
        Assert.Equal(Count, brokers.Select(static broker => broker.BootstrapServers).Distinct().Count());
        for (var i = 0; i < Count; i++)
        {
            using var client = await Conversation.ConnectAsync(brokers[i].Address);
            await client.CreateAsync($"t{i}");
            var all = await client.AskAsync<MetadataResponse>(ApiKey.Metadata, 12, new MetadataRequest { Topics = null });
            Assert.Equal([$"t{i}"], all.Topics.Select(static topic => topic.Name));
        }

        foreach (var broker in brokers) await broker.DisposeAsync();
    }

    [Fact]
    public async Task A_restart_keeps_the_port_the_cluster_and_the_data()
    {
        await using var broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Settings = new Dictionary<string, string> { ["num.partitions"] = "3" } });
        var (address, cluster) = (broker.Address, broker.ClusterId);
        using (var client = await Conversation.ConnectAsync(address))
        {
            await client.CreateAsync("t");
            await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("a")));
        }

        await broker.RestartAsync();
        Assert.Equal((address, cluster), (broker.Address, broker.ClusterId));
        using var again = await Conversation.ConnectAsync(address);
        Assert.Equal(["a"], await ConnectionTests.ValuesAsync(again, "t"));
    }

    [Fact]
    public async Task On_a_disk_the_next_one_finds_what_was_there_and_a_second_one_is_refused_by_name()
    {
        var folder = Directory.CreateTempSubdirectory("moldau-embedded-").FullName;
        try
        {
            var options = new EmbeddedBrokerOptions { Folder = folder };
            await using (var broker = await EmbeddedBroker.StartAsync(options))
            {
                using var client = await Conversation.ConnectAsync(broker.Address);
                await client.CreateAsync("t");
                await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("a")));
                var refused = await Assert.ThrowsAnyAsync<Exception>(() => EmbeddedBroker.StartAsync(options));
                Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
            }

            await using var again = await EmbeddedBroker.StartAsync(options);
            using var reader = await Conversation.ConnectAsync(again.Address);
            Assert.Equal(["a"], await ConnectionTests.ValuesAsync(reader, "t"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_setting_that_is_not_known_is_refused_with_the_one_that_was_meant()
    {
        var refused = await Assert.ThrowsAsync<StartSettingsException>(() => EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Settings = new Dictionary<string, string> { ["num.partition"] = "3" } }));
        Assert.Contains("num.partitions", refused.Message, StringComparison.Ordinal);
    }
}
