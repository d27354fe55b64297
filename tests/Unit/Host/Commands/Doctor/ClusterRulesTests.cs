using Moldau.Client.Admin;
using Moldau.Client.Metadata;
using Moldau.Host.Commands.Doctor;
using Moldau.Host.Commands.Doctor.Facts;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;
using Xunit;
using static Moldau.Unit.Host.Commands.Doctor.StartRulesTests;

namespace Moldau.Unit.Host.Commands.Doctor;

/// <summary>Of a running cluster: what is complained of, and what is not.</summary>
public class ClusterRulesTests
{
    private static readonly BrokerInfo One = new(1, "one", 9092, null);
    private static readonly BrokerInfo Two = new(2, "two", 9092, null);
    private static readonly ClusterFacts Cluster = new() { Server = "one:9092", Id = "c", Brokers = [One, Two], Topics = [Topic("t", 1, [1, 2], [1, 2])] };

    [Fact]
    public void A_cluster_as_it_should_be_is_complained_of_by_nobody() => Assert.Equal([], Complaints(CheckTables.Cluster, Cluster));

    [Fact]
    public void Of_one_that_does_not_answer_nothing_else_is_said() =>
        Assert.Equal(["fail server.reachable"], Complaints(CheckTables.Cluster, new ClusterFacts { Server = "one:9092", Problem = "connection refused" }));

    [Fact]
    public void What_is_wrong_with_partitions_is_complained_of()
    {
        Assert.Equal(["fail partitions.offline", "warn partitions.under-replicated"], Complaints(CheckTables.Cluster, Cluster with { Topics = [Topic("t", -1, [1, 2], [1])] }));
        Assert.Equal(["warn partitions.under-replicated"], Complaints(CheckTables.Cluster, Cluster with { Topics = [Topic("t", 1, [1, 2], [1])], MinimumInSync = new Dictionary<string, int> { ["t"] = 1 } }));
        Assert.Equal(
            ["fail partitions.below-minimum", "warn partitions.under-replicated"],
            Complaints(CheckTables.Cluster, Cluster with { Topics = [Topic("t", 1, [1, 2], [1])], MinimumInSync = new Dictionary<string, int> { ["t"] = 2 } }));
        Assert.Equal(["warn partitions.single-copy"], Complaints(CheckTables.Cluster, Cluster with { Topics = [Topic("t", 1, [1], [1])] }));
        Assert.Equal([], Complaints(CheckTables.Cluster, Cluster with { Brokers = [One], Topics = [Topic("t", 1, [1], [1])] }));
    }

    [Fact]
    public void Many_partitions_are_named_by_the_first_and_their_number()
    {
        var diagnosis = new Diagnosis();
        diagnosis.Look(CheckTables.Cluster, Cluster with { Topics = [.. Enumerable.Range(0, 7).Select(static i => Topic($"t{i}", -1, [1, 2], [1, 2]))] });
        Assert.Equal("without a leader: t0-0, t1-0, t2-0, t3-0, t4-0 and 2 more", Assert.Single(diagnosis.Findings, static found => found.Code == "partitions.offline").Finding.Is);
    }

    [Fact]
    public void What_is_wrong_with_brokers_and_their_disks_is_complained_of()
    {
        Assert.Equal(["fail server.brokers"], Complaints(CheckTables.Cluster, Cluster with { Silent = new Dictionary<int, string> { [2] = "refused" } }));
        Assert.Equal(["warn server.reachable"], Complaints(CheckTables.Cluster, Cluster with { Unknown = ["topics: not allowed"] }));
        Assert.Equal(["fail server.ready"], Complaints(CheckTables.Cluster, Cluster with { WasHealthAsked = true, NotReady = "recovering" }));
        Assert.Equal([], Complaints(CheckTables.Cluster, Cluster with { WasHealthAsked = true, ClockSkew = TimeSpan.FromSeconds(-1.5) }));
        Assert.Equal(["warn server.clock"], Complaints(CheckTables.Cluster, Cluster with { ClockSkew = TimeSpan.FromSeconds(-2.5) }));
        Assert.Equal(["warn server.versions"], Complaints(CheckTables.Cluster, Cluster with { MetadataVersion = new FeatureInfo("metadata.version", 7, 30, 25) }));
        Assert.Equal(["fail disk.failed"], Complaints(CheckTables.Cluster, Cluster with { Folders = [Folder(ErrorCode.KafkaStorageError, 0)] }));
        Assert.Equal([], Complaints(CheckTables.Cluster, Cluster with { Folders = [Folder(ErrorCode.None, 21)] }));
        Assert.Equal(["warn disk.fill"], Complaints(CheckTables.Cluster, Cluster with { Folders = [Folder(ErrorCode.None, 19)] }));
        Assert.Equal(["fail disk.fill"], Complaints(CheckTables.Cluster, Cluster with { Folders = [Folder(ErrorCode.None, 4)] }));
    }

    [Fact]
    public void A_group_is_complained_of_only_while_it_falls_behind()
    {
        var between = TimeSpan.FromSeconds(3);
        var facts = Cluster with { Groups = [new("slow", 10, 11, between), new("steady", 10, 10, between), new("fast", 10, 0, between)] };
        Assert.Equal(["warn groups.lag"], Complaints(CheckTables.Cluster, facts));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("warn config.unclean-election", 1, "unclean.leader.election.enable=true")]
    [InlineData("warn config.durability", 1, "moldau.durability=page-cache")]
    [InlineData("", 1, "moldau.durability=fsync")]
    [InlineData("warn config.auto-create", 1, "auto.create.topics.enable=true")]
    [InlineData("", 2, "default.replication.factor=1", "min.insync.replicas=1")]
    [InlineData("warn config.copies", 3, "default.replication.factor=1", "min.insync.replicas=1")]
    [InlineData("warn config.copies", 3, "default.replication.factor=3", "min.insync.replicas=1")]
    [InlineData("", 3, "default.replication.factor=3", "min.insync.replicas=2")]
    [InlineData("warn config.authorizer", 1, "listeners=PLAINTEXT://:9092", "authorizer.class.name=")]
    [InlineData("", 1, "listeners=PLAINTEXT://127.0.0.1:9092,B://localhost:9093", "authorizer.class.name=")]
    [InlineData("", 1, "listeners=PLAINTEXT://:9092", "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer")]
    public void Settings_that_cost_records_or_let_in_too_much_are_complained_of(string expected, int brokers, params string[] settings)
    {
        var values = settings.Select(static setting => setting.Split('=', 2)).ToDictionary(static pair => pair[0], static pair => (string?)pair[1]);
        Assert.Equal(expected, string.Join(", ", Complaints(CheckTables.BrokerSettings, new BrokerSettingFacts(1, brokers, values))));
    }

    [Fact]
    public void Every_check_has_a_code_of_its_own()
    {
        string[] codes =
        [
            .. CheckTables.Machine.Select(static check => check.Code), .. CheckTables.Start.Select(static check => check.Code), .. CheckTables.Folder.Select(static check => check.Code),
            .. CheckTables.Listener.Select(static check => check.Code), .. CheckTables.Cluster.Select(static check => check.Code), .. CheckTables.BrokerSettings.Select(static check => check.Code),
        ];
        Assert.Equal(codes.Length, codes.Distinct().Count());
    }

    private static TopicInfo Topic(string name, int leader, int[] replicas, int[] inSync) =>
        new(name, Uuid.Zero, false, [new PartitionInfo(0, leader, 0, replicas, inSync, [], ErrorCode.None)], ErrorCode.None);

    private static LogDirInfo Folder(ErrorCode error, long free) => new(1, "/data", error, 100, free, []);
}
