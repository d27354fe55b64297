using Moldau.Broker.Settings;
using Moldau.Broker.Settings.Descriptions;
using Xunit;

namespace Moldau.Unit.Broker.Settings.Descriptions;

/// <summary>What DescribeConfigs is answered; the lines are what Kafka 4.3.1 answered when it was asked the same.</summary>
public class SettingDescriptionTests
{
    private static readonly Dictionary<string, string> None = [];

    private static readonly SettingLayers Changed = new(
        Node: new Dictionary<string, string>
        {
            ["log.retention.ms"] = "77",
            ["message.max.bytes"] = "5",
            ["log.cleanup.policy"] = "compact",
            ["max.connections"] = "5",
            ["listener.name.plaintext.max.connections"] = "70",
            ["listener.name.external.ssl.keystore.password"] = "geheim",
            ["leader.replication.throttled.rate"] = "5",
        },
        AllNodes: new Dictionary<string, string> { ["log.retention.ms"] = "-2", ["log.roll.ms"] = "79", ["group.consumer.assignment.interval.ms"] = "2000" },
        Start: new Dictionary<string, string> { ["offsets.topic.num.partitions"] = "4", ["node.id"] = "1" });

    [Theory]
    [InlineData("retention.ms 604800000 Default []")]
    [InlineData("segment.jitter.ms 0 Default []")]
    [InlineData("flush.ms 9223372036854775807 Default []")]
    [InlineData("remote.storage.enable false Default []")]
    [InlineData("cleanup.policy delete Default [log.cleanup.policy=delete@Default]")]
    [InlineData("compression.type producer Default [compression.type=producer@Default]")]
    [InlineData("min.cleanable.dirty.ratio 0.5 Default [log.cleaner.min.cleanable.ratio=0.5@Default]")]
    [InlineData("segment.index.bytes 10485760 Default [log.index.size.max.bytes=10485760@Default]")]
    public void A_topic_of_which_nobody_said_anything(string line) => Assert.Contains(line, SettingDescriptions.Topic(SettingLayers.Empty, None).Select(Line));

    [Theory]
    [InlineData("retention.ms 77 Node [log.retention.ms=77@Node log.retention.ms=-2@AllNodes log.retention.hours=168@Default]")]
    [InlineData("segment.ms 79 AllNodes [log.roll.ms=79@AllNodes log.roll.hours=168@Default]")]
    [InlineData("max.message.bytes 5 Topic [max.message.bytes=5@Topic message.max.bytes=5@Node message.max.bytes=1048588@Default]")]
    [InlineData("cleanup.policy delete Topic [cleanup.policy=delete@Topic log.cleanup.policy=compact@Node log.cleanup.policy=delete@Default]")]
    [InlineData("segment.jitter.ms 999999999999 Topic [segment.jitter.ms=999999999999@Topic]")]
    [InlineData("internal.segment.bytes 2000 Topic [internal.segment.bytes=2000@Topic]")]
    [InlineData("preallocate true Topic [preallocate=true@Topic log.preallocate=false@Default]")]
    public void A_topic_and_a_broker_of_which_somebody_did(string line) => Assert.Contains(line, SettingDescriptions.Topic(Changed, new Dictionary<string, string>
    {
        ["max.message.bytes"] = "+5",
        ["cleanup.policy"] = "delete",
        ["segment.jitter.ms"] = "999999999999",
        ["internal.segment.bytes"] = "2000",
        ["preallocate"] = "TRUE",
    }).Select(Line));

    [Theory]
    [InlineData("log.retention.ms 77 Node [log.retention.ms=77@Node log.retention.ms=-2@AllNodes log.retention.hours=168@Default]")]
    [InlineData("log.retention.hours 168 Default read-only [log.retention.hours=168@Default]")]
    [InlineData("log.retention.minutes - Default read-only []")]
    [InlineData("log.roll.ms 79 AllNodes [log.roll.ms=79@AllNodes log.roll.hours=168@Default]")]
    [InlineData("log.flush.interval.ms - Default []")]
    [InlineData("ssl.key.password - Default sensitive []")]
    [InlineData("offsets.topic.num.partitions 4 Start read-only [offsets.topic.num.partitions=4@Start offsets.topic.num.partitions=50@Default]")]
    [InlineData("leader.replication.throttled.rate 5 Node [leader.replication.throttled.rate=5@Node]")]
    [InlineData("listener.name.plaintext.max.connections 70 Node read-only [listener.name.plaintext.max.connections=70@Node max.connections=5@Node max.connections=2147483647@Default]")]
    [InlineData("listener.name.external.ssl.keystore.password - Node read-only sensitive [listener.name.external.ssl.keystore.password=-@Node]")]
    [InlineData("log.cleaner.io.max.bytes.per.second 1.7976931348623157E308 Default [log.cleaner.io.max.bytes.per.second=1.7976931348623157E308@Default]")]
    public void A_node(string line) => Assert.Contains(line, SettingDescriptions.Node(Changed).Select(Line));

    [Fact]
    public void All_nodes_together_have_only_what_was_set_for_them() => Assert.Equal(
        [
            "group.consumer.assignment.interval.ms 2000 AllNodes [group.consumer.assignment.interval.ms=2000@AllNodes]",
            "log.retention.ms -2 AllNodes [log.retention.ms=-2@AllNodes]",
            "log.roll.ms 79 AllNodes [log.roll.ms=79@AllNodes]",
        ],
        SettingDescriptions.AllNodes(Changed).Select(Line));

    [Theory]
    [InlineData("consumer.session.timeout.ms 50000 Group [consumer.session.timeout.ms=50000@Group group.consumer.session.timeout.ms=45000@Default]")]
    [InlineData("consumer.assignment.interval.ms 2000 AllNodes [group.consumer.assignment.interval.ms=2000@AllNodes group.consumer.assignment.interval.ms=1000@Default]")]
    [InlineData("share.auto.offset.reset by_duration:PT1H Group [share.auto.offset.reset=by_duration:PT1H@Group share.auto.offset.reset=latest@Default]")]
    [InlineData("share.isolation.level read_uncommitted Default [share.isolation.level=read_uncommitted@Default]")]
    public void A_group(string line) => Assert.Contains(line, SettingDescriptions.Group(Changed, new Dictionary<string, string>
    {
        ["consumer.session.timeout.ms"] = "50000",
        ["share.auto.offset.reset"] = "by_duration:PT1H",
    }).Select(Line));

    [Fact]
    public void A_subscription_to_metrics() => Assert.Equal(
        ["interval.ms 100 ClientMetrics [interval.ms=100@ClientMetrics]", "match  Default []", "metrics a ClientMetrics [metrics=a@ClientMetrics]"],
        SettingDescriptions.ClientMetrics(new Dictionary<string, string> { ["interval.ms"] = "100", ["metrics"] = "a,a" }).Select(Line));

    [Fact]
    public void Whoever_asks_for_names_is_told_of_those_there_are() => Assert.Equal(
        ["internal.segment.bytes", "retention.ms"],
        SettingDescriptions.Topic(SettingLayers.Empty, None, ["retention.ms", "nope", "internal.segment.bytes"]).Select(static one => one.Name));

    [Fact]
    public void Internal_settings_are_told_of_where_they_are_set()
    {
        Assert.DoesNotContain(SettingDescriptions.Topic(SettingLayers.Empty, None), static one => one.Name == "internal.segment.bytes");
        Assert.DoesNotContain(SettingDescriptions.Node(SettingLayers.Empty), static one => one.Name == "leader.replication.throttled.rate");
        Assert.All(SettingDescriptions.Node(SettingLayers.Empty), static one => Assert.NotEmpty(one.Documentation!));
    }

    private static string Line(SettingDescription one) =>
        $"{one.Name} {one.Value ?? "-"} {one.Source}{(one.IsReadOnly ? " read-only" : "")}{(one.IsSensitive ? " sensitive" : "")} "
        + $"[{string.Join(' ', one.Synonyms.Select(static synonym => $"{synonym.Name}={synonym.Value ?? "-"}@{synonym.Source}"))}]";
}
