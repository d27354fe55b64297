using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Settings;
using Moldau.Broker.Settings.Changes;
using Moldau.Protocol.Errors;
using Xunit;

namespace Moldau.Unit.Broker.Settings.Changes;

/// <summary>What Kafka 4.3.1 took is taken, and what it refused is refused with its code; names it does not know are refused for a broker too.</summary>
public class SettingChangeTests
{
    private static readonly ConfigResource Topic = ConfigResource.Topic("t");
    private static readonly ConfigResource Node = ConfigResource.Node(1);
    private static readonly ConfigResource All = ConfigResource.AllNodes;
    private static readonly ConfigResource Group = ConfigResource.Group("g");
    private static readonly ConfigResource Metrics = ConfigResource.ClientMetrics("m");

    public static TheoryData<ConfigResource, string, string?> Possible => new()
    {
        { Topic, "retention.ms", " 77 " }, { Topic, "retention.bytes", "-5" }, { Topic, "cleanup.policy", "" }, { Topic, "cleanup.policy", "delete,delete" },
        { Topic, "segment.jitter.ms", "999999999999" }, { Topic, "internal.segment.bytes", "2000" }, { Topic, "preallocate", "TRUE" }, { Topic, "max.message.bytes", "+5" },
        { Topic, "follower.replication.throttled.replicas", "*" }, { Topic, "follower.replication.throttled.replicas", "0:1,1:2" }, { Topic, "local.retention.ms", "100" },
        { Topic, "remote.log.copy.disable", "true" }, { Topic, "min.insync.replicas", "3" }, { Topic, "moldau.durability", "page-cache" },
        { Node, "log.retention.ms", "77" }, { All, "log.retention.ms", "78" }, { All, "num.network.threads", "4" }, { Node, "max.connections.per.ip.overrides", "127.0.0.1:5" },
        { Node, "listener.name.external.ssl.keystore.password", "geheim" }, { Node, "listener.name.plaintext.max.connections", "70" }, { Node, "cordoned.log.dirs", "*" },
        { Node, "leader.replication.throttled.rate", "5" }, { All, "group.consumer.assignment.interval.ms", "2000" }, { All, "moldau.durability", "fsync" },
        { Group, "consumer.session.timeout.ms", "50000" }, { Group, "consumer.heartbeat.interval.ms", "12000" }, { Group, "share.auto.offset.reset", "by_duration:PT1H" },
        { Metrics, "interval.ms", "100" }, { Metrics, "metrics", "" }, { Metrics, "metrics", "a,a" }, { Metrics, "match", "client_id=a.*,client_software_name=b" },
    };

    public static TheoryData<ConfigResource, string, string?, ErrorCode, string> Impossible => new()
    {
        { Topic, "nope", "1", ErrorCode.InvalidConfig, "topics have no setting 'nope'" },
        { Topic, "retention.mss", "1", ErrorCode.InvalidConfig, "topics have no setting 'retention.mss'; did you mean retention.ms?" },
        { Topic, "log.retention.hours", "1", ErrorCode.InvalidConfig, "topics have no setting 'log.retention.hours'; the topic's setting for it is retention.ms" },
        { Topic, "", "1", ErrorCode.InvalidConfig, "topics have no setting ''" },
        { Topic, "retention.ms", "abc", ErrorCode.InvalidConfig, "'abc' is not possible for retention.ms: it takes a whole number from -9223372036854775808 to 9223372036854775807" },
        { Topic, "retention.ms", "-2", ErrorCode.InvalidConfig, "'-2' is not possible for retention.ms: it must be at least -1" },
        { Topic, "retention.ms", null, ErrorCode.InvalidRequest, "retention.ms is to be null, which is no value: delete it for its default to count again" },
        { Topic, "segment.bytes", "14", ErrorCode.InvalidConfig, "'14' is not possible for segment.bytes: it must be at least 1048576" },
        { Topic, "min.cleanable.dirty.ratio", "1.5", ErrorCode.InvalidConfig, "'1.5' is not possible for min.cleanable.dirty.ratio: it must be at most 1" },
        { Topic, "preallocate", "maybe", ErrorCode.InvalidConfig, "'maybe' is not possible for preallocate: it takes true or false" },
        { Topic, "compression.type", "Gzip", ErrorCode.InvalidConfig, "'Gzip' is not possible for compression.type: it takes one of uncompressed, zstd, lz4, snappy, gzip, producer; did you mean gzip?" },
        { Topic, "follower.replication.throttled.replicas", "x", ErrorCode.InvalidConfig, "'x' is not possible for follower.replication.throttled.replicas: it takes PARTITION:NODE pairs between commas, or * for all" },
        { Topic, "remote.storage.enable", "true", ErrorCode.InvalidConfig, "'true' is not possible for remote.storage.enable: this broker keeps all segments on its own disk" },
        { Topic, "max.compaction.lag.ms", "1", ErrorCode.InvalidConfig, "min.compaction.lag.ms is 100 and max.compaction.lag.ms is 1: the first must not be above the second" },
        { Topic, "moldau.durability", "disk", ErrorCode.InvalidConfig, "'disk' is not possible for moldau.durability: it takes one of fsync, page-cache" },
        { ConfigResource.Topic(""), "retention.ms", "1", ErrorCode.InvalidRequest, "all topics together have no settings: set the broker's, such as log.retention.ms for retention.ms" },
        { Node, "nope", "1", ErrorCode.InvalidRequest, "there is no setting 'nope'" },
        { Node, "retention.ms", "4", ErrorCode.InvalidRequest, "retention.ms is a topic's setting; a broker's, for all topics that have none of their own, is log.retention.ms" },
        { Node, "log.retention.hours", "1", ErrorCode.InvalidRequest, "log.retention.hours cannot be changed while a broker runs: set it where the broker is started, and start it again" },
        { All, "listeners", "PLAINTEXT://:1", ErrorCode.InvalidRequest, "listeners is each broker's own: name the broker it is to be changed on" },
        { All, "cordoned.log.dirs", "*", ErrorCode.InvalidRequest, "cordoned.log.dirs is each broker's own: name the broker it is to be changed on" },
        { All, "listener.name.external.ssl.keystore.password", "geheim", ErrorCode.InvalidRequest, "listener.name.external.ssl.keystore.password is each broker's own: name the broker it is to be changed on" },
        { Node, "ssl.keystore.password", "geheim", ErrorCode.InvalidRequest, "ssl.keystore.password can be changed for one listener only: set listener.name.NAME.ssl.keystore.password, the listener's name in lower case" },
        { All, "log.retention.ms", "abc", ErrorCode.InvalidRequest, "'abc' is not possible for log.retention.ms: it takes a whole number from -9223372036854775808 to 9223372036854775807" },
        { Node, "log.retention.ms", "0", ErrorCode.InvalidRequest, "log.retention.ms is 0: it must be at least 1, or -1 for ever" },
        { Node, "cordoned.log.dirs", "/x", ErrorCode.InvalidRequest, "cordoned.log.dirs has '/x', which is none of log.dirs: moldau-data" },
        { Node, "cordoned.log.dirs", "*,/x", ErrorCode.InvalidRequest, "cordoned.log.dirs has * and others: * alone means all folders" },
        { Node, "max.connections.per.ip.overrides", "x", ErrorCode.InvalidRequest, "max.connections.per.ip.overrides: 'x' is no HOST:NUMBER, such as 10.0.0.7:100" },
        { Node, "group.consumer.assignment.interval.ms", "20000", ErrorCode.InvalidRequest, "group.consumer.assignment.interval.ms is 20000: group.consumer.max.assignment.interval.ms bounds it to at most 15000" },
        { Node, "listeners", "PLAINTEXT://:x", ErrorCode.InvalidRequest, "listeners: 'x' in 'PLAINTEXT://:x' is no port: it takes a number from 0 to 65535" },
        { Group, "nope", "1", ErrorCode.InvalidConfig, "groups have no setting 'nope'" },
        { Group, "consumer.session.timeout.ms", "1", ErrorCode.InvalidConfig, "'1' is not possible for consumer.session.timeout.ms: the broker's group.consumer.min.session.timeout.ms bounds it to at least 45000" },
        { Group, "consumer.heartbeat.interval.ms", "50000", ErrorCode.InvalidConfig, "'50000' is not possible for consumer.heartbeat.interval.ms: the broker's group.consumer.max.heartbeat.interval.ms bounds it to at most 15000" },
        { Group, "share.delivery.count.limit", "11", ErrorCode.InvalidConfig, "'11' is not possible for share.delivery.count.limit: the broker's group.share.max.delivery.count.limit bounds it to at most 10" },
        { Group, "moldau.share.retry.delay.ms", "600000", ErrorCode.InvalidConfig, "moldau.share.retry.delay.ms is 600000: it must not be above moldau.share.retry.delay.max.ms, which is 300000" },
        { Group, "streams.num.standby.replicas", "3", ErrorCode.InvalidConfig, "'3' is not possible for streams.num.standby.replicas: the broker's group.streams.max.standby.replicas bounds it to at most 2" },
        { Group, "share.auto.offset.reset", "by_duration:-PT1S", ErrorCode.InvalidConfig, "'by_duration:-PT1S' is not possible for share.auto.offset.reset: it takes latest, earliest, or by_duration: with a duration that is not negative, such as by_duration:PT1H30M" },
        { ConfigResource.Group(""), "consumer.session.timeout.ms", "50000", ErrorCode.InvalidRequest, "all groups together have no settings: set the broker's, which begin with group." },
        { Metrics, "nope", "1", ErrorCode.InvalidRequest, "subscriptions to the metrics of clients have no setting 'nope'" },
        { Metrics, "interval.ms", "99", ErrorCode.InvalidRequest, "'99' is not possible for interval.ms: it must be from 100 to 3600000" },
        { Metrics, "interval.ms", "x", ErrorCode.InvalidConfig, "'x' is not possible for interval.ms: it takes a whole number from -2147483648 to 2147483647" },
        { Metrics, "match", "x", ErrorCode.InvalidConfig, "'x' is not possible in match: it takes NAME=PATTERN" },
        { Metrics, "match", "client_ip=y", ErrorCode.InvalidConfig, "'client_ip=y' is not possible in match: 'client_ip' is none of client_instance_id, client_id, client_software_name, client_software_version, client_source_address, client_source_port; did you mean client_id?" },
        { Metrics, "match", "client_id=a=b", ErrorCode.InvalidConfig, "'client_id=a=b' is not possible in match: its pattern must not be empty, or have another =" },
        { Metrics, "match", "client_id=(", ErrorCode.InvalidConfig, "'client_id=(' is not possible in match: the pattern is no regular expression that can be matched in one pass" },
        { ConfigResource.ClientMetrics(""), "interval.ms", "100", ErrorCode.InvalidRequest, "a subscription to the metrics of clients needs a name" },
    };

    [Theory]
    [MemberData(nameof(Possible), DisableDiscoveryEnumeration = true)]
    public void What_is_possible_is_set_as_it_was_given(ConfigResource resource, string name, string? value)
    {
        var outcome = SettingChanges.Alter(resource, new Dictionary<string, string>(), [new SettingOperation(name, SettingOperationKind.Set, value)], SettingLayers.Empty);

        Assert.Null(outcome.Message);
        Assert.Equal(ErrorCode.None, outcome.Error);
        Assert.Equal(value, Assert.Single(outcome.Values).Value);
        Assert.Null(SettingChanges.Replace(resource, new Dictionary<string, string>(), [new(name, value)], SettingLayers.Empty).Message);
    }

    [Theory]
    [MemberData(nameof(Impossible), DisableDiscoveryEnumeration = true)]
    public void What_is_not_is_told_and_nothing_changes(ConfigResource resource, string name, string? value, ErrorCode error, string message)
    {
        var current = resource.Scope == ConfigScope.Topic ? new Dictionary<string, string> { ["min.compaction.lag.ms"] = "100" } : [];

        var outcome = SettingChanges.Alter(resource, current, [new SettingOperation(name, SettingOperationKind.Set, value)], SettingLayers.Empty);

        Assert.Equal(message, outcome.Message);
        Assert.Equal(error, outcome.Error);
        Assert.Equal(current, outcome.Values);
        Assert.Equal(message, SettingChanges.Replace(resource, current, [.. current!, new(name, value)], SettingLayers.Empty).Message);
    }

    [Fact]
    public void A_list_is_added_to_and_taken_from()
    {
        Assert.Equal("delete,compact", Alter(Topic, [], "cleanup.policy", SettingOperationKind.Append, "compact"));
        Assert.Equal("delete", Alter(Topic, [], "cleanup.policy", SettingOperationKind.Append, "delete"));
        Assert.Equal("compact", Alter(Topic, new() { ["cleanup.policy"] = "delete,compact" }, "cleanup.policy", SettingOperationKind.Subtract, "delete"));
        Assert.Equal("", Alter(Topic, [], "cleanup.policy", SettingOperationKind.Subtract, "delete"));
        Assert.Equal("delete", Alter(Topic, [], "cleanup.policy", SettingOperationKind.Subtract, "nope"));
        Assert.Equal("delete,compact", Alter(Node, [], "log.cleanup.policy", SettingOperationKind.Append, "compact"));
    }

    [Theory]
    [InlineData("cleanup.policy", "nope", "'delete,nope' is not possible for cleanup.policy: 'nope' is none of compact, delete")]
    [InlineData("retention.ms", "1", "appending to retention.ms is not possible, for it is no list: set it")]
    public void What_cannot_be_added_is_told(string name, string value, string message)
    {
        var outcome = SettingChanges.Alter(Topic, new Dictionary<string, string>(), [new SettingOperation(name, SettingOperationKind.Append, value)], SettingLayers.Empty);
        Assert.Equal((ErrorCode.InvalidConfig, message), (outcome.Error, outcome.Message));
    }

    [Fact]
    public void The_lists_of_a_subscription_can_only_be_set() =>
        Assert.Equal(
            "appending to metrics is not possible, for it is no list: set it",
            SettingChanges.Alter(Metrics, new Dictionary<string, string>(), [new SettingOperation("metrics", SettingOperationKind.Append, "c")], SettingLayers.Empty).Message);

    [Fact]
    public void A_setting_named_twice_is_refused()
    {
        SettingOperation[] operations = [new("segment.ms", SettingOperationKind.Set, "1"), new("segment.ms", SettingOperationKind.Delete, null)];
        var outcome = SettingChanges.Alter(Topic, new Dictionary<string, string>(), operations, SettingLayers.Empty);
        Assert.Equal((ErrorCode.InvalidRequest, "segment.ms is named twice: name each setting once"), (outcome.Error, outcome.Message));
    }

    [Fact]
    public void Whatever_was_set_can_be_deleted_even_what_is_unknown()
    {
        var current = new Dictionary<string, string> { ["nope"] = "1", ["retention.ms"] = "2" };
        Assert.Equal(["retention.ms"], SettingChanges.Alter(Topic, current, [new SettingOperation("nope", SettingOperationKind.Delete, null)], SettingLayers.Empty).Values.Keys);
        Assert.True(SettingChanges.Alter(Node, current, [new SettingOperation("broker.id", SettingOperationKind.Delete, null)], SettingLayers.Empty).IsPossible);
    }

    [Fact]
    public void What_replaces_deletes_what_it_does_not_name()
    {
        var outcome = SettingChanges.Replace(Topic, new Dictionary<string, string> { ["retention.ms"] = "2" }, [new("segment.ms", "3")], SettingLayers.Empty);
        Assert.Equal(new Dictionary<string, string> { ["segment.ms"] = "3" }, outcome.Values);
    }

    [Fact]
    public void What_was_wrong_before_is_not_held_against_a_change()
    {
        var layers = SettingLayers.Empty with { AllNodes = new Dictionary<string, string> { ["log.retention.ms"] = "0" } };
        Assert.True(SettingChanges.Alter(Node, new Dictionary<string, string>(), [new SettingOperation("max.connections", SettingOperationKind.Set, "5")], layers).IsPossible);
    }

    [Fact]
    public void A_groups_bounds_are_the_brokers_as_they_are_now()
    {
        var layers = SettingLayers.Empty with { Start = new Dictionary<string, string> { ["group.consumer.min.session.timeout.ms"] = "1000" } };
        Assert.Equal(
            "consumer.heartbeat.interval.ms is 5000: it must be below consumer.session.timeout.ms, which is 2000",
            SettingChanges.Alter(Group, new Dictionary<string, string>(), [new SettingOperation("consumer.session.timeout.ms", SettingOperationKind.Set, "2000")], layers).Message);
    }

    [Fact]
    public void A_new_topic_is_given_what_a_topic_can_have()
    {
        Assert.True(SettingChanges.ForNewTopic("t", [new("cleanup.policy", "compact")], SettingLayers.Empty).IsPossible);
        Assert.Equal(ErrorCode.InvalidConfig, SettingChanges.ForNewTopic("t", [new("cleanup.policy", "x")], SettingLayers.Empty).Error);
    }

    private static string Alter(ConfigResource resource, Dictionary<string, string> current, string name, SettingOperationKind kind, string value)
    {
        var outcome = SettingChanges.Alter(resource, current, [new SettingOperation(name, kind, value)], SettingLayers.Empty);
        // What is no value of the list, once taken from it, is not there either.
        Assert.Null(outcome.Message);
        return outcome.Values[name];
    }
}
