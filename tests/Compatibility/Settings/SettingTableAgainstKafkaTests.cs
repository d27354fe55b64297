using Moldau.Broker.Settings;
using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Settings;

/// <summary>Our tables say what Kafka's definitions say, but where a reason is given.</summary>
public class SettingTableAgainstKafkaTests
{
    /// <summary>Facts of ours that are not Kafka's, and why.</summary>
    private static readonly Dictionary<(string Name, string Fact), string> Differences = new()
    {
        [("node.id", "default")] = "a broker starts without a file, and its one node needs a number",
        [("process.roles", "default")] = "a broker starts without a file, and is a broker",
        [("controller.listener.names", "default")] = "a file for one combined node names its controller's listener, which is none here; this is the name Kafka's own files use",
        [("log.dir", "default")] = "data is not put where the system may remove it; moldau-data is the folder of every command",
        [("config.providers", "mode")] = "providers are asked at a start only",
        [("controller.quorum.bootstrap.servers", "possible")] = "without effect, so only its type is checked",
        [("controller.quorum.voters", "possible")] = "without effect, so only its type is checked",
        [("authorizer.class.name", "possible")] = "every text is one; what it says is refused together with the listeners",
    };

    private static readonly Dictionary<string, SettingTable> Tables = new()
    {
        ["broker"] = SettingTables.Broker,
        ["topic"] = SettingTables.Topic,
        ["group"] = SettingTables.Group,
        ["client-metrics"] = SettingTables.ClientMetrics,
    };

    /// <summary>Those of ours that Kafka does not define.</summary>
    private static readonly Dictionary<string, string> Ours = new()
    {
        ["moldau.durability"] = "ours",
        ["moldau.metrics.max.series"] = "ours",
        ["errors.deadletterqueue.auto.create.topics.enable"] = "Kafka 4.4's",
        ["errors.deadletterqueue.copy.record.enable"] = "Kafka 4.4's",
        ["errors.deadletterqueue.group.enable"] = "Kafka 4.4's",
        ["errors.deadletterqueue.topic.name"] = "Kafka 4.4's",
        ["errors.deadletterqueue.topic.name.prefix"] = "Kafka 4.4's",
        ["moldau.share.order"] = "ours",
        ["moldau.share.retry.delay.max.ms"] = "ours",
        ["moldau.share.retry.delay.ms"] = "ours",
        ["allow.everyone.if.no.acl.found"] = "the authorizer's own in Kafka",
        ["super.users"] = "the authorizer's own in Kafka",
        ["moldau.allow.anonymous"] = "ours",
        ["moldau.ssl.handshake.timeout.ms"] = "ours",
        ["follower.replication.throttled.rate"] = "can be changed in Kafka, and is defined apart from the rest",
        ["leader.replication.throttled.rate"] = "can be changed in Kafka, and is defined apart from the rest",
        ["replica.alter.log.dirs.io.max.bytes.per.second"] = "can be changed in Kafka, and is defined apart from the rest",
    };

    [Fact]
    public async Task Every_setting_of_Kafka_is_here_with_its_facts()
    {
        KafkaJars.Require();
        var faults = new List<string>();
        var explained = new HashSet<(string, string)>();
        foreach (var theirs in await KafkaSettings.FactsAsync("setting"))
        {
            if (Tables[theirs[0]].Find(theirs[1]) is not { } ours)
            {
                faults.Add($"{theirs[0]} {theirs[1]}: missing");
                continue;
            }

            Compare(ours.Type.ToString().ToUpperInvariant(), theirs[2], "type");
            Compare(ours.Default ?? "(null)", theirs[3], "default");
            Compare(ours.Importance.ToString().ToUpperInvariant(), theirs[4], "importance");
            Compare(ours.Rule.Text, theirs[5], "possible");
            Compare(ours.IsInternal ? "true" : "false", theirs[6], "internal");
            if (theirs[0] == "broker") Compare(Mode(ours.Change), theirs[7], "mode");

            void Compare(string our, string their, string fact)
            {
                if (our == their) return;
                if (Differences.ContainsKey((theirs[1], fact))) explained.Add((theirs[1], fact));
                else faults.Add($"{theirs[0]} {theirs[1]}: {fact} is '{our}', Kafka's '{their}'");
            }
        }

        Assert.Equal("", string.Join('\n', faults));
        Assert.Empty(Differences.Keys.Except(explained));
    }

    [Fact]
    public async Task Every_setting_here_is_Kafkas_or_says_why_not()
    {
        KafkaJars.Require();
        var theirs = (await KafkaSettings.FactsAsync("setting")).Select(static parts => (parts[0], parts[1])).ToHashSet();

        var foreign = Tables.SelectMany(static table => table.Value.All.Select(row => (table.Key, row.Name))).Where(row => !theirs.Contains(row)).Select(static row => row.Name).ToHashSet();

        Assert.Equal(Ours.Keys.Order(), foreign.Order());
    }

    [Fact]
    public async Task What_Kafka_can_change_while_running_is_known_and_changed_the_same_way()
    {
        KafkaJars.Require();
        var faults = new List<string>();
        foreach (var mode in await KafkaSettings.FactsAsync("mode"))
        {
            var ours = SettingTables.Broker.Find(mode[0]);
            if (ours is null || (Mode(ours.Change) != mode[1] && !Differences.ContainsKey((mode[0], "mode")))) faults.Add($"{mode[0]}: {mode[1]}");
        }

        Assert.Equal("", string.Join('\n', faults));
    }

    [Fact]
    public async Task What_stands_in_for_what_is_Kafkas()
    {
        KafkaJars.Require();
        var faults = new List<string>();
        foreach (var parts in await KafkaSettings.FactsAsync("stands-in"))
        {
            var setting = SettingTables.Topic.Find(parts[0]) ?? SettingTables.Group.Find(parts[0]);
            // A name that is a topic's and a broker's too stands in for itself.
            var ours = setting is null ? SettingSynonyms.Of(parts[0]) : setting.BrokerName is { } broker ? SettingSynonyms.Of(broker) : [""];
            if (string.Join(',', ours) != parts[1]) faults.Add($"{parts[0]}: {string.Join(',', ours)}, Kafka's {parts[1]}");
        }

        Assert.Equal("", string.Join('\n', faults));
    }

    private static string Mode(SettingChange change) => change switch
    {
        SettingChange.PerBroker => "per-broker",
        SettingChange.ClusterWide => "cluster-wide",
        _ => "read-only",
    };
}
