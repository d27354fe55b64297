using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Settings;
using Moldau.Broker.Settings.Changes;
using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Settings;

/// <summary>What Kafka lets stand together stands together, and what it refuses is refused: random settings, a few at a time.</summary>
public class SettingsTogetherAgainstKafkaTests(ITestOutputHelper output)
{
    private const int Samples = 1500;

    private static readonly string[] Times = ["-1", "0", "1", "500", "5000", "15000", "20000", "45000", "60000", "100000"];

    private static readonly Dictionary<string, (string Name, string[] Values)[]> Choices = new()
    {
        ["broker"] =
        [
            ("log.retention.ms", Times), ("log.retention.minutes", Times), ("log.retention.hours", ["-1", "0", "1"]), ("log.roll.ms", Times), ("log.roll.hours", ["0", "1"]),
            ("listeners", ["PLAINTEXT://:9092", "INSIDE://a:1,OUTSIDE://b:2", "INSIDE://a:1,OUTSIDE://b:1", "INSIDE://a:1,INSIDE://b:2", "inside://:0,OUTSIDE://:0", "OTHER://:1", "INSIDE://a", "INSIDE://127.0.0.1:1,OUTSIDE://[::1]:1", "INSIDE://[::1]:1"]),
            ("advertised.listeners", ["PLAINTEXT://h:1", "INSIDE://h:1", "OUTSIDE://h:2,INSIDE://h:1", "PLAINTEXT://0.0.0.0:1", "PLAINTEXT://h:1,PLAINTEXT://h:2"]),
            ("inter.broker.listener.name", ["INSIDE", "PLAINTEXT", "OUTSIDE"]),
            ("queued.max.request.bytes", ["-1", "0", "5", "104857600", "104857601"]), ("socket.request.max.bytes", ["4", "200000000"]),
            ("max.connections.per.ip", ["0", "1"]), ("max.connections.per.ip.overrides", ["a:1", "127.0.0.1:5,b:0", ""]),
            ("log.cleaner.dedupe.buffer.size", ["1048576", "1048577", "5000000"]), ("log.cleaner.threads", ["1", "2", "4", "5"]),
            ("cordoned.log.dirs", ["*", "moldau-data", "x", "*,moldau-data", ""]), ("log.dirs", ["x", "x,y", "moldau-data,x"]),
            ("offsets.topic.compression.codec", ["0", "4", "5", "-1"]), ("share.coordinator.state.topic.compression.codec", ["0", "4", "5"]),
            ("group.consumer.session.timeout.ms", Times), ("group.consumer.min.session.timeout.ms", Times), ("group.consumer.max.session.timeout.ms", Times),
            ("group.consumer.heartbeat.interval.ms", Times), ("group.consumer.min.heartbeat.interval.ms", Times), ("group.consumer.max.heartbeat.interval.ms", Times),
            ("group.share.session.timeout.ms", Times), ("group.share.min.session.timeout.ms", Times), ("group.share.heartbeat.interval.ms", Times), ("group.share.max.heartbeat.interval.ms", Times),
            ("group.streams.session.timeout.ms", Times), ("group.streams.max.session.timeout.ms", Times), ("group.streams.heartbeat.interval.ms", Times), ("group.streams.min.heartbeat.interval.ms", Times),
            ("group.consumer.assignment.interval.ms", Times), ("group.consumer.max.assignment.interval.ms", Times), ("group.share.min.assignment.interval.ms", Times), ("group.streams.assignment.interval.ms", Times),
            ("group.share.delivery.count.limit", ["2", "5", "9", "10"]), ("group.share.max.delivery.count.limit", ["5", "8", "25"]), ("group.share.min.delivery.count.limit", ["2", "5"]),
            ("group.share.record.lock.duration.ms", Times), ("group.share.min.record.lock.duration.ms", ["1000", "30000"]), ("group.share.max.record.lock.duration.ms", ["30000", "60000"]),
            ("group.share.partition.max.record.locks", ["100", "2000", "5000"]), ("group.share.min.partition.max.record.locks", ["100", "2000"]), ("group.share.max.partition.max.record.locks", ["2000", "10000"]),
            ("group.streams.num.standby.replicas", ["0", "2", "3"]), ("group.streams.max.standby.replicas", ["0", "5"]), ("group.min.session.timeout.ms", Times), ("group.max.session.timeout.ms", Times),
            ("group.coordinator.rebalance.protocols", ["classic", "consumer", "classic,share", "streams"]), ("group.consumer.assignors", ["uniform", "range", "range,uniform", "x.Y"]), ("group.share.assignors", ["simple", "simple,simple"]),
            ("log.message.timestamp.type", ["CreateTime", "LogAppendTime"]), ("log.cleaner.min.compaction.lag.ms", Times), ("log.cleaner.max.compaction.lag.ms", Times),
            ("broker.id", ["1", "2", "-1"]), ("compression.type", ["gzip", "producer"]), ("compression.gzip.level", ["9", "0"]), ("min.insync.replicas", ["1", "5"]), ("connections.max.idle.ms", ["-1", "1000"]),
        ],
        ["topic"] =
        [
            ("min.compaction.lag.ms", Times), ("max.compaction.lag.ms", Times), ("cleanup.policy", ["compact", "delete", "", "compact,delete"]), ("retention.ms", Times), ("retention.bytes", Times),
            ("segment.ms", Times), ("segment.jitter.ms", Times), ("remote.storage.enable", ["false"]), ("local.retention.ms", ["-2", "-1", "0", "100"]), ("local.retention.bytes", ["-2", "-1", "100"]),
            ("remote.log.copy.disable", ["true", "false"]), ("remote.log.delete.on.disable", ["true", "false"]), ("message.timestamp.before.max.ms", Times), ("message.timestamp.after.max.ms", Times),
            ("delete.retention.ms", Times), ("min.insync.replicas", ["0", "1", "2"]), ("nope", ["1"]), ("log.retention.ms", ["1"]),
        ],
        ["group"] =
        [
            .. SettingTables.Group.All.Where(static row => row.Type == SettingType.Int && !row.Name.StartsWith("moldau.", StringComparison.Ordinal)).Select(static row => (row.Name, (string[])[.. Times, "2", "5", "9", "11", "100", "99", "2000", "4001"])),
            ("share.auto.offset.reset", ["latest", "x"]), ("share.isolation.level", ["read_committed", "x"]), ("nope", ["1"]),
        ],
        ["client-metrics"] =
        [
            ("interval.ms", ["99", "100", "3600000", "3600001", "x"]), ("metrics", ["", "a,b", "*", "a,,b"]), ("nope", ["1"]),
            ("match", ["", "client_id=a.*", "client_id=a,client_software_name=b", "client_ip=x", "client_id=(", "client_id", "client_source_port=[0-9]+", "client_instance_id=x", "client_software_version=1", "client_source_address=1", "client_id=a=b", "client_id="]),
        ],
    };

    /// <summary>How Kafka words what it refuses and we take, and why we do.</summary>
    private static readonly Dictionary<string, string> Differences = new()
    {
        ["inter.broker.listener.name must be a listener name defined in advertised.listeners"] = "one node speaks with no other, and needs no listener called PLAINTEXT for it",
    };

    [Theory]
    [InlineData("broker")]
    [InlineData("topic")]
    [InlineData("group")]
    [InlineData("client-metrics")]
    public async Task What_stands_together_there_stands_together_here(string table)
    {
        KafkaJars.Require();
        output.WriteLine(TestSeed.Text);
        var random = TestSeed.For(table);
        var samples = new List<Dictionary<string, string>>();
        for (var i = 0; i < Samples; i++)
        {
            var sample = new Dictionary<string, string>();
            for (var count = random.Next(1, 4); count > 0; count--)
            {
                var (name, values) = Choices[table][random.Next(Choices[table].Length)];
                sample[name] = values[random.Next(values.Length)];
            }

            samples.Add(sample);
        }

        var answers = await KafkaSettings.AskAsync("settings together", samples.Select(sample => $"together\t{table}\t{KafkaSettings.Hex(Text(sample))}"));

        Assert.Equal(samples.Count, answers.Count);
        var faults = samples.Zip(answers).Select(pair => (pair.First, Ours: Fault(table, pair.First), Theirs: pair.Second))
            .Where(static one => (one.Ours is null) != (one.Theirs == "taken") && !IsExplained(one.First, one.Theirs)).Select(static one => $"{Text(one.First).Replace('\n', ' ')}: ours {one.Ours ?? "taken"}, Kafka's {one.Theirs}");
        var differences = string.Join('\n', faults);
        Assert.True(differences.Length == 0, $"{TestSeed.Text}\n{differences}");
    }

    private static bool IsExplained(Dictionary<string, string> sample, string theirs) =>
        !sample.ContainsKey("inter.broker.listener.name") && Differences.Keys.Any(words => theirs.Contains(words, StringComparison.Ordinal));

    private static string Text(Dictionary<string, string> sample) => string.Concat(sample.Select(static pair => $"{pair.Key}={pair.Value}\n"));

    private static string? Fault(string table, Dictionary<string, string> sample)
    {
        var resource = table switch { "topic" => ConfigResource.Topic("t"), "group" => ConfigResource.Group("g"), _ => ConfigResource.ClientMetrics("m") };
        return table == "broker" ? BrokerFault(sample)
            : SettingChanges.Replace(resource, new Dictionary<string, string>(), [.. sample.Select(static pair => new KeyValuePair<string, string?>(pair.Key, pair.Value))], SettingLayers.Empty).Message;
    }

    private static string? BrokerFault(Dictionary<string, string> sample)
    {
        var start = new Dictionary<string, string>
        {
            ["node.id"] = "1",
            ["listeners"] = "PLAINTEXT://:9092",
            ["log.dirs"] = "moldau-data",
            ["listener.security.protocol.map"] = "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT",
        };
        foreach (var (name, value) in sample)
        {
            if (SettingParser.Parse(SettingTables.Broker[name], value, out _) is { } fault) return fault;
            start[name] = value;
        }

        return BrokerRules.Faults(SettingLayers.Empty with { Start = start }).Select(static fault => fault.Fault).FirstOrDefault();
    }
}
