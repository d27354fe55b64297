using Moldau.Broker.Settings;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Protocol.Compression;
using Moldau.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Broker.Settings.Snapshots;

public class SnapshotTests
{
    private static readonly Dictionary<string, string> None = [];

    [Fact]
    public void A_topics_own_value_comes_before_the_nodes_and_that_before_all_nodes_and_that_before_the_starts()
    {
        var start = Layers(start: Of("log.retention.ms", "4"));
        var all = start with { AllNodes = Of("log.retention.ms", "3") };
        var node = all with { Node = Of("log.retention.ms", "2") };

        Assert.Equal(604_800_000, TopicSettings.Of(SettingLayers.Empty, None).Log.RetentionMilliseconds);
        Assert.Equal(4, TopicSettings.Of(start, None).Log.RetentionMilliseconds);
        Assert.Equal(3, TopicSettings.Of(all, None).Log.RetentionMilliseconds);
        Assert.Equal(2, TopicSettings.Of(node, None).Log.RetentionMilliseconds);
        Assert.Equal(1, TopicSettings.Of(node, Of("retention.ms", "1")).Log.RetentionMilliseconds);
    }

    [Theory]
    [InlineData("log.retention.hours", "2", 7_200_000)]
    [InlineData("log.retention.minutes", "2", 120_000)]
    [InlineData("log.retention.ms", "2", 2)]
    [InlineData("log.retention.minutes", "-1", -1)]
    [InlineData("log.retention.hours", "-1", -1)]
    public void Hours_and_minutes_are_milliseconds(string name, string value, long milliseconds) =>
        Assert.Equal(milliseconds, TopicSettings.Of(Layers(start: Of(name, value)), None).Log.RetentionMilliseconds);

    [Fact]
    public void The_finer_unit_comes_first_whoever_gave_it()
    {
        var layers = new SettingLayers(Node: None, AllNodes: Of("log.retention.ms", "5"), Start: new Dictionary<string, string> { ["log.retention.minutes"] = "1", ["log.retention.hours"] = "1" });

        Assert.Equal(5, TopicSettings.Of(layers, None).Log.RetentionMilliseconds);
        Assert.Equal(60_000, TopicSettings.Of(layers with { AllNodes = None }, None).Log.RetentionMilliseconds);
    }

    [Fact]
    public void A_value_that_cannot_be_read_does_not_count() =>
        Assert.Equal(7, TopicSettings.Of(Layers(start: Of("log.retention.ms", "7")) with { Node = Of("log.retention.ms", "soon") }, Of("retention.ms", "-9")).Log.RetentionMilliseconds);

    [Fact]
    public void What_a_topic_says_is_what_its_logs_get()
    {
        var topic = TopicSettings.Of(SettingLayers.Empty, new Dictionary<string, string>
        {
            ["cleanup.policy"] = "compact",
            ["moldau.durability"] = "page-cache",
            ["segment.bytes"] = "2000000",
            ["segment.ms"] = "100",
            ["segment.jitter.ms"] = "1000",
            ["flush.messages"] = "5",
            ["compression.type"] = "zstd",
            ["message.timestamp.type"] = "LogAppendTime",
            ["min.insync.replicas"] = "2",
            ["retention.bytes"] = "-5",
            ["min.cleanable.dirty.ratio"] = "0.25",
        });

        Assert.True(topic.Log is { Deletes: false, Compacts: true, Durability: LogDurability.PageCache, SegmentBytes: 2_000_000, SegmentMilliseconds: 100, SegmentJitterMilliseconds: 100, FlushMessages: 5, RetentionBytes: -1 });
        Assert.Equal(new TopicCompression(CompressionType.Zstd, 3), topic.Compression);
        Assert.Equal(TimestampType.LogAppendTime, topic.TimestampType);
        Assert.Equal(2, topic.MinInSyncReplicas);
        Assert.Equal(0.25, topic.Compaction.MinDirtyRatio);
    }

    [Theory]
    [InlineData("producer", null, null)]
    [InlineData("uncompressed", CompressionType.None, null)]
    [InlineData("gzip", CompressionType.Gzip, null)]
    [InlineData("snappy", CompressionType.Snappy, null)]
    [InlineData("lz4", CompressionType.Lz4, 9)]
    public void A_codec_comes_with_its_level(string type, CompressionType? codec, int? level) =>
        Assert.Equal(new TopicCompression(codec, level), TopicSettings.Of(SettingLayers.Empty, Of("compression.type", type)).Compression);

    [Fact]
    public void Small_segments_for_tests_come_first() =>
        Assert.Equal(2000, TopicSettings.Of(SettingLayers.Empty, new Dictionary<string, string> { ["segment.bytes"] = "1048576", ["internal.segment.bytes"] = "2000" }).Log.SegmentBytes);

    [Fact]
    public void A_groups_value_is_brought_between_the_brokers_bounds()
    {
        var own = Of("consumer.session.timeout.ms", "50000");

        Assert.Equal(50_000, GroupSettings.Of(SettingLayers.Empty, own).ConsumerSessionTimeout);
        Assert.Equal(46_000, GroupSettings.Of(Layers(start: Of("group.consumer.max.session.timeout.ms", "46000")), own).ConsumerSessionTimeout);
        Assert.Equal(55_000, GroupSettings.Of(Layers(start: Of("group.consumer.min.session.timeout.ms", "55000")), own).ConsumerSessionTimeout);
    }

    [Theory]
    [InlineData("latest", true, null)]
    [InlineData("earliest", false, null)]
    [InlineData("by_duration:P1DT2H3M4.5S", false, 93_784.5)]
    [InlineData("by_duration:PT1H", false, 3600.0)]
    public void A_share_group_begins_where_it_is_told(string text, bool isLatest, double? seconds) =>
        Assert.Equal(new ShareOffsetReset(isLatest, seconds is { } ago ? TimeSpan.FromSeconds(ago) : null), GroupSettings.Of(SettingLayers.Empty, Of("share.auto.offset.reset", text)).ShareOffsetReset);

    [Fact]
    public void Listeners_are_read_and_controllers_left_out()
    {
        var listeners = BrokerSettings.Of(Layers(start: new Dictionary<string, string>
        {
            ["listeners"] = "inside://:9092, OUT://[::1]:0,CONTROLLER://:9093",
            ["advertised.listeners"] = "OUT://example.org:19092",
            ["listener.security.protocol.map"] = "INSIDE:PLAINTEXT,out:plaintext",
        })).Listeners;

        Assert.Equal([new Listener("INSIDE", "", 9092, "PLAINTEXT"), new Listener("OUT", "::1", 0, "PLAINTEXT")], listeners.Listeners);
        Assert.Equal([new Listener("OUT", "example.org", 19092, "PLAINTEXT")], listeners.Advertised);
    }

    [Fact]
    public void The_older_name_of_the_nodes_number_counts_where_it_is_alone()
    {
        Assert.Equal(5, BrokerSettings.Of(Layers(start: Of("broker.id", "5"))).NodeId);
        Assert.Equal(6, BrokerSettings.Of(Layers(start: Of("node.id", "6"))).NodeId);
    }

    [Fact]
    public void Kafkas_classes_are_names_of_assignors() =>
        Assert.Equal(["range", "uniform"], BrokerSettings.Of(Layers(start: Of("group.consumer.assignors", "org.apache.kafka.coordinator.group.assignor.RangeAssignor,uniform,range"))).ConsumerGroups.Assignors);

    [Fact]
    public void A_subscription_to_metrics_says_which_clients_and_how_often()
    {
        var settings = ClientMetricsSettings.Of(new Dictionary<string, string> { ["interval.ms"] = "500", ["metrics"] = "a,b", ["match"] = "client_id=app-.*, client_software_name=x" });

        Assert.Equal(500, settings.PushInterval);
        Assert.Equal(["a", "b"], settings.Metrics);
        Assert.Equal(["client_id", "client_software_name"], settings.Matches.Select(static match => match.Name));
        Assert.Matches(settings.Matches[0].Pattern, "app-1");
        Assert.DoesNotMatch(settings.Matches[0].Pattern, "my-app-1");
    }

    private static SettingLayers Layers(Dictionary<string, string> start) => SettingLayers.Empty with { Start = start };

    private static Dictionary<string, string> Of(string name, string value) => new() { [name] = value };
}
