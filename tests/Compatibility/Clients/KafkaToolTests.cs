using System.Globalization;
using System.Text.RegularExpressions;
using Moldau.Compatibility.Differential;
using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Clients;

/// <summary>Kafka's own command line tools, with the same words against both brokers: what they print must be the same.</summary>
public sealed partial class KafkaToolTests(BrokerPair brokers, ITestOutputHelper output) : IClassFixture<BrokerPair>
{
    private const string Tools = "org.apache.kafka.tools.";

    private static readonly string[] Commands =
    [
        Tools + "TopicCommand --create --topic tools --partitions 3 --config retention.ms=100000",
        Tools + "TopicCommand --create --topic tools --partitions 3",
        Tools + "TopicCommand --create --topic tools-b --partitions 1 --if-not-exists",
        Tools + "TopicCommand --describe --topic tools",
        Tools + "TopicCommand --alter --topic tools --partitions 4",
        Tools + "TopicCommand --list",
        Tools + "ProducerPerformance --topic tools --num-records 5000 --record-size 100 --throughput -1 --producer-props acks=all enable.idempotence=true",
        Tools + "GetOffsetShell --topic tools-b",
        Tools + "consumer.ConsoleConsumer --topic tools-b --partition 0 --offset earliest --max-messages 1 --timeout-ms 3000",
        "kafka.admin.ConfigCommand --alter --entity-type topics --entity-name tools --add-config segment.ms=700000",
        "kafka.admin.ConfigCommand --describe --entity-type topics --entity-name tools",
        "kafka.admin.ConfigCommand --alter --entity-type topics --entity-name tools --delete-config segment.ms",
        Tools + "LeaderElectionCommand --election-type PREFERRED --topic tools --partition 0",
        Tools + "TopicCommand --delete --topic tools-b",
        Tools + "TopicCommand --list",
    ];

    [Fact]
    public async Task Tools_print_the_same_for_both_brokers()
    {
        KafkaJars.Require();
        var ours = await RunAsync(brokers.Ours.Port);
        var kafkas = await RunAsync(brokers.Kafkas.Port);
        output.WriteLine(kafkas);
        Assert.Contains("Created topic tools.", kafkas, StringComparison.Ordinal);
        Assert.Equal(kafkas, ours);
    }

    private static async Task<string> RunAsync(int port)
    {
        var lines = Commands.Select(command =>
        {
            var words = command.Split(' ').ToList();
            var at = words[0].EndsWith("ProducerPerformance", StringComparison.Ordinal) ? words.Count : 1;
            words.InsertRange(at, at == 1 ? ["--bootstrap-server", $"127.0.0.1:{port}"] : [$"bootstrap.servers=127.0.0.1:{port}"]);
            return string.Join('\t', words);
        });
        var output = await KafkaJars.RunAsync("Kafka's tools", TimeSpan.FromSeconds(180), "ToolRunner", lines);
        return string.Join('\n', output.Where(line => !IsNoise(line)).Select(line => Normal(line, port)));
    }

    /// <summary>Speeds, and what the logging of the tools says.</summary>
    private static bool IsNoise(string line) => line.Contains("records/sec", StringComparison.Ordinal) || Log().IsMatch(line) || line.Trim().Length == 0;

    private static string Normal(string line, int port) =>
        Reason().Replace(TopicId().Replace(line.Replace(port.ToString(CultureInfo.InvariantCulture), "PORT", StringComparison.Ordinal), "TopicId: ID"), "$1 a reason");

    [GeneratedRegex(@"TopicId: \S+")]
    private static partial Regex TopicId();

    [GeneratedRegex("^(Error while executing [a-z ]*:).*")]
    private static partial Regex Reason();

    [GeneratedRegex(@"^(\[\d{4}-|SLF4J|WARNING|ERROR StatusLogger|\tat )")]
    private static partial Regex Log();
}
