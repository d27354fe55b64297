using System.Globalization;
using System.Net;
using Moldau.Compatibility.Client;
using Moldau.Compatibility.Clients;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Serving;
using Moldau.Compatibility.Wire;
using Moldau.Protocol.Messages;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Streams;

/// <summary>Kafka's tool for streams groups prints the same for both brokers about the same application, running and ended, but for what is drawn.</summary>
public sealed class StreamsGroupToolTests
{
    private const string Name = "scaled";
    private const string Between = "== ended";
    private const int LineCount = 20;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);

    private static readonly string[] s_settings =
    [
        "group.streams.min.session.timeout.ms=1000", "group.streams.min.heartbeat.interval.ms=100", "group.streams.heartbeat.interval.ms=200", "group.streams.initial.rebalance.delay.ms=1000",
        "group.streams.assignment.interval.ms=0",
    ];

    private static IReadOnlyList<string> Script =>
        [.. File.ReadLines(Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "Streams", "streams.script")).Where(static line => line.Length > 0 && line[0] != '#')];

    [Fact]
    public async Task It_prints_the_same_for_both_brokers()
    {
        KafkaJars.Require();
        await using var kafkas = await KafkaBroker.StartAsync(KafkaJars.Script, [.. s_settings, "auto.create.topics.enable=true"]);
        using var ours = await SteadyBroker.StartAsync(s_settings);
        var both = await Task.WhenAll(RunAsync(kafkas.Port), RunAsync(int.Parse(ours.Address.Split(':')[1], CultureInfo.InvariantCulture)));
        var commands = Script.Where(static line => line != Between).Select(static line => line.Replace(" --bootstrap-server $SERVER", "", StringComparison.Ordinal)).ToList();
        Assert.Equal(commands.Count, both[0].Count);
        Assert.Equal(commands.Count, both[1].Count);
        var faults = new List<string>();
        for (var i = 0; i < commands.Count; i++)
        {
            var (their, our) = ToolOutput.Comparable(commands[i], both[0][i], both[1][i]);
            if (their != our || ToolOutput.IsInVain(our)) faults.Add($"{commands[i]}\non Kafka:\n{their}\non Moldau:\n{our}\n");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Contains("scaled lines 0 0", GroupToolOutput.Comparable(commands[4], both[0][4]), StringComparison.Ordinal);
        Assert.Contains("ACTIVE: 0:[0];", both[0][6], StringComparison.Ordinal);
    }

    private static async Task<List<string>> RunAsync(int port)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        await SteadyBroker.CreateTopicAsync(port, WordCounter.Lines, 1);
        await SteadyBroker.CreateTopicAsync(port, Name, 1);
        var words = new WordSource(new Random(7));
        await words.WriteAsync(address, LineCount);
        await using var counter = new WordCounter(address, Name, "at_least_once", commitMilliseconds: 100, "streams");
        await counter.StartAsync();
        await counter.UntilAsync(words.Words);
        await UntilCommittedAsync(port, words.Words);
        var lines = Script;
        var between = lines.ToList().IndexOf(Between);
        var told = await RunAsync(port, address, [.. lines.Take(between)]);
        await counter.StopAsync();
        told.AddRange(await RunAsync(port, address, [.. lines.Skip(between + 1)]));
        return told;
    }

    private static async Task<List<string>> RunAsync(int port, string address, IReadOnlyList<string> lines)
    {
        var files = Directory.CreateTempSubdirectory("moldau-tools-");
        try
        {
            var told = await KafkaJars.RunAsync("Kafka's tool for streams groups", Deadline, "ToolRunner", new ToolScript(address, "none", files.FullName).Prepare(lines));
            return ToolOutput.Each(told, port.ToString(CultureInfo.InvariantCulture), "nowhere-else");
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    /// <summary>What the application has read, it has said so.</summary>
    private static async Task UntilCommittedAsync(int port, int words)
    {
        using var client = await WireClient.ConnectAsync(IPAddress.Loopback.ToString(), port);
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var told = await client.AskAsync<OffsetFetchResponse>(ApiKey.OffsetFetch, 8, new OffsetFetchRequest { Groups = [new() { GroupId = Name, Topics = null }] });
            if (told.Groups[0].Topics.SelectMany(static topic => topic.Partitions).Sum(static partition => partition.CommittedOffset) == LineCount + words) return;
            if (TimeProvider.System.GetElapsedTime(since) > Deadline) throw new TimeoutException($"waited {Deadline.TotalSeconds} s for {Name} to commit all that it has read");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
