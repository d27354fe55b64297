using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Compatibility.Kafka;
using Moldau.Host.Commands;
using Moldau.Host.Commands.Output;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Compatibility.Client;

/// <summary>The same verbs on our broker and on Kafka's say the same, but for what is each one's own.</summary>
public partial class VerbsOnBothBrokersTests
{
    private static readonly (string Input, string[] Verb)[] Script =
    [
        ("", ["topic", "create", "orders", "--partitions", "3", "--config", "retention.ms=100000"]),
        ("", ["topic", "create", "orders", "--if-not-exists"]),
        ("", ["topic", "create", "wrong", "--config", "retention.ms=soon"]),
        ("a:1\nb:2\nc:3\nd:-\n", ["produce", "orders", "-K", ":", "--null", "-", "-H", "x=y"]),
        ("z:1\nz:2\n", ["produce", "orders", "-K", ":", "--codec", "zstd", "-p", "2"]),
        ("l\n", ["produce", "orders", "-k", "same", "--codec", "lz4"]),
        ("s\n", ["produce", "orders", "-k", "same", "--codec", "snappy"]),
        ("g\n", ["produce", "orders", "-k", "same", "--codec", "gzip", "--no-idempotence"]),
        ("", ["consume", "orders", "-p", "0", "-o", "%t %p %o %k %v %V %h"]),
        ("", ["consume", "orders", "-p", "1", "-o", "%t %p %o %k %v %V %h"]),
        ("", ["consume", "orders", "-p", "2", "-o", "%t %p %o %k %v %V %h"]),
        ("", ["consume", "orders", "-p", "2", "--tail", "1", "--format", "json"]),
        ("", ["consume", "orders", "-p", "2", "--from", "2020-01-01", "--count", "1"]),
        ("", ["consume", "orders", "-p", "2", "--from", "1000", "--follow"]),
        ("", ["consume", "missing"]),
        ("", ["topic", "list", "--format", "json"]),
        ("", ["topic", "describe", "orders"]),
        ("", ["topic", "describe", "missing"]),
        ("", ["topic", "offsets", "orders", "--at", "2100-01-01"]),
        ("", ["topic", "add-partitions", "orders", "--total", "4"]),
        ("", ["topic", "delete-records", "orders", "-p", "2", "--before", "1", "--yes"]),
        ("", ["topic", "offsets", "orders", "--at", "earliest"]),
        ("", ["config", "set", "topic", "orders", "cleanup.policy+=compact"]),
        ("", ["config", "delete", "topic", "orders", "retention.ms", "--yes"]),
        ("", ["config", "set", "group", "billing", "consumer.session.timeout.ms=50000"]),
        ("", ["config", "describe", "group", "billing"]),
        ("", ["config", "set", "client-metrics", "watch", "interval.ms=5000"]),
        ("", ["config", "list"]),
        ("", ["cluster", "describe"]),
        ("", ["group", "seek", "audit", "--to", "earliest", "--topic", "orders", "--yes"]),
        ("", ["group", "seek", "audit", "--to", "+1", "--topic", "orders:0", "--yes"]),
        ("", ["group", "seek", "audit", "--to", "+1", "--topic", "orders:9", "--yes"]),
        ("", ["group", "list", "--format", "wide"]),
        ("", ["group", "list", "--state", "Stable", "--type", "consumer"]),
        ("", ["group", "describe", "audit"]),
        ("", ["group", "describe", "audit", "--members", "--format", "json"]),
        ("", ["group", "describe", "nobody"]),
        ("", ["group", "delete", "audit", "--topic", "orders:1", "--yes"]),
        ("", ["group", "delete", "audit", "nobody", "--yes"]),
        ("", ["group", "delete", "audit", "--yes"]),
        ("", ["group", "list"]),
        ("", ["group", "seek", "packing", "--to", "earliest", "--topic", "orders", "--type", "share", "--yes"]),
        ("", ["group", "seek", "packing", "--to", "+1", "--topic", "orders:0", "--yes"]),
        ("", ["group", "list", "--type", "share", "--format", "wide"]),
        ("", ["group", "describe", "packing"]),
        ("", ["group", "describe", "packing", "--members", "--format", "json"]),
        ("", ["queue", "list", "--format", "wide"]),
        ("", ["queue", "describe", "packing"]),
        ("", ["queue", "describe", "packing", "nobody", "--format", "json"]),
        ("", ["queue", "dead", "packing"]),
        ("", ["group", "delete", "packing", "--topic", "orders", "--yes"]),
        ("", ["group", "delete", "packing", "--yes"]),
        ("", ["txn", "list"]),
        ("", ["txn", "list", "--state", "Open"]),
        ("", ["txn", "list", "--matching", "("]),
        ("", ["txn", "describe", "nobody"]),
        ("", ["txn", "abort", "nobody", "--yes"]),
        ("", ["txn", "abort", "--hanging-in", "orders:0", "--yes"]),
        ("", ["topic", "delete", "orders", "--yes"]),
        ("", ["topic", "list"]),
    ];

    [Fact]
    public async Task Each_verb_says_the_same_on_both()
    {
        KafkaJars.Require();
        await using var kafka = await KafkaBroker.StartAsync(KafkaJars.Script, "share.coordinator.state.topic.replication.factor=1", "share.coordinator.state.topic.min.isr=1");
        await using var moldau = await BrokerServer.StartAsync(new BrokerOptions
        {
            Disk = new MemoryFileSystem(keepsHistory: false),
            Clock = TimeProvider.System,
            Chance = new Random(7),
            Logs = NullLoggerFactory.Instance,
            Settings = new Dictionary<string, string> { ["log.dirs"] = "/data", ["listeners"] = "PLAINTEXT://127.0.0.1:0", ["node.id"] = "1", ["auto.create.topics.enable"] = "false" },
        });

        var differences = new List<string>();
        foreach (var (input, verb) in Script)
        {
            var theirs = await RunAsync(kafka.Port, input, verb);
            var ours = await RunAsync(moldau.Addresses[0].Port, input, verb);
            if (theirs != ours) differences.Add($"moldau {string.Join(' ', verb)}\non Kafka:\n{theirs}\non Moldau:\n{ours}");
        }

        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
    }

    private static Task<string> RunAsync(int port, string input, string[] verb) => Task.Run(() =>
    {
        using var bytes = new MemoryStream();
        using var output = new StreamWriter(bytes) { AutoFlush = true, NewLine = "\n" };
        using var error = new StringWriter();
        using var given = new MemoryStream(Encoding.UTF8.GetBytes(input));
        var exitCode = new CommandRunner(new Terminal { Output = output, Error = error, Bytes = bytes, Input = given }).Run([.. verb, "--server", $"127.0.0.1:{port}"]);
        var told = $"{Encoding.UTF8.GetString(bytes.ToArray())}{error}exit code {exitCode}";
        // Ports, ids and times are each one's own; so are the words in front of an error's name.
        told = told.Replace(port.ToString(CultureInfo.InvariantCulture), "PORT", StringComparison.Ordinal);
        return Refusal().Replace(OwnThings().Replace(told, "$1*"), "moldau: * ($1)");
    }, TestContext.Current.CancellationToken);

    [GeneratedRegex(@"(cluster |""ts"":|""id"":"")[\w-]+")]
    private static partial Regex OwnThings();

    [GeneratedRegex(@"moldau: .* \(([A-Z_]+)\)")]
    private static partial Regex Refusal();
}
