using System.Net;
using Moldau.Compatibility.Differential;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Serving;
using Xunit;

namespace Moldau.Compatibility.Mirroring;

/// <summary>
/// MirrorMaker 2 between one of Kafka's brokers and ours, in both directions, while both are written to: topics with their
/// settings and records, and how far groups have come.
/// </summary>
/// <remarks>
/// It translates a group's offset by the last record before it of which it has noted where it went. So the translated offset
/// is never beyond the group's own; it is that one where the group had read everything; and it does not go back.
/// </remarks>
public sealed class MirrorMakerTests(ITestOutputHelper output)
{
    private const int Portions = 5;
    private const int RecordsAtOnce = 400;
    private const int Part = RecordsAtOnce / 3;

    private static readonly Dictionary<string, string> KafkasSettings = new()
    {
        ["node.id"] = "1",
        ["offsets.topic.replication.factor"] = "1",
        ["offsets.topic.num.partitions"] = "4",
        ["transaction.state.log.replication.factor"] = "1",
        ["transaction.state.log.min.isr"] = "1",
        ["group.initial.rebalance.delay.ms"] = "0",
    };

    [Fact]
    public async Task Topics_are_the_same_on_both_sides_and_groups_go_on_at_the_copies()
    {
        KafkaJars.Require();
        await using var theirs = await KafkaBroker.StartAsync(KafkasSettings);
        using var ours = await SteadyBroker.StartAsync("group.initial.rebalance.delay.ms=0");
        await MirrorAsync(new MirroredCluster("kafka", theirs.Address), new MirroredCluster("moldau", IPEndPoint.Parse(ours.Address)));
    }

    /// <summary>What is asked of us must be what Kafka's own brokers give.</summary>
    [Fact]
    public async Task Between_two_of_Kafkas_brokers_it_is_the_same()
    {
        KafkaJars.Require();
        Assert.SkipUnless(Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1", "only by --long");
        await using var one = await KafkaBroker.StartAsync(KafkasSettings);
        await using var other = await KafkaBroker.StartAsync(KafkasSettings);
        await MirrorAsync(new MirroredCluster("one", one.Address), new MirroredCluster("other", other.Address));
    }

    private async Task MirrorAsync(MirroredCluster one, MirroredCluster other)
    {
        var orders = new MirroredTopic(one, other, "orders", "packers", "porters");
        var shipments = new MirroredTopic(other, one, "shipments", "drivers", "clerks");
        await orders.CreateAsync(retention: "86400123");
        await shipments.CreateAsync(retention: "86400456");
        await using var mirror = await Mirror.StartAsync(orders, shipments);
        await Task.WhenAll(CopyAsync(mirror, orders, "172800123"), CopyAsync(mirror, shipments, "172800456"));
    }

    private async Task CopyAsync(Mirror mirror, MirroredTopic topic, string retention)
    {
        for (var portion = 0; portion < Portions; portion++) await topic.WriteAsync(RecordsAtOnce);
        await topic.UntilEqualAsync(mirror);
        var read = (await topic.From.ConsumeAsync(topic.Name, topic.Upfront, Portions * RecordsAtOnce)).ToHashSet();
        await topic.From.ConsumeAsync(topic.Name, topic.Midway, Portions * RecordsAtOnce);
        var all = await topic.UntilOffsetsAreEqualAsync(mirror, topic.Upfront);
        Assert.Equal(all, await topic.UntilOffsetsAreEqualAsync(mirror, topic.Midway));

        await topic.From.SetRetentionAsync(topic.Name, retention);
        await topic.WriteAsync(RecordsAtOnce);
        var part = await topic.From.ConsumeAsync(topic.Name, topic.Midway, Part);
        await topic.UntilEqualAsync(mirror);

        Assert.Equal(0, await GoOnAsync(topic, topic.Upfront, read, earliest: all, latest: all));
        var midway = await topic.From.OffsetsAsync(topic.Name, topic.Midway);
        var again = await GoOnAsync(topic, topic.Midway, [.. read, .. part], earliest: all, latest: midway);

        await topic.WriteAsync(RecordsAtOnce);
        await topic.UntilEqualAsync(mirror);
        foreach (var group in new[] { topic.Upfront, topic.Midway })
        {
            // Back where it came from, it goes on behind what it had read there.
            var rest = await topic.From.ConsumeRestAsync(topic.Name, group);
            Assert.Equal(topic.Values.Count() - read.Count - (group == topic.Midway ? part.Length : 0), rest.Count);
            await topic.UntilOffsetsAreEqualAsync(mirror, group);
        }

        output.WriteLine($"{topic.Copy}: {topic.Values.Count()} records; of {Part} records that {topic.Midway} read last {again} came again");
    }

    /// <summary>The group goes on at the copy, and nothing may be missing.</summary>
    /// <returns>How many records it read again.</returns>
    private static async Task<int> GoOnAsync(MirroredTopic topic, string group, HashSet<string> read, long[] earliest, long[] latest)
    {
        var rest = await topic.To.ConsumeRestAsync(topic.Copy, group);
        foreach (var partition in rest.GroupBy(static record => record.Partition))
            Assert.InRange(partition.Min(static record => record.Offset), earliest[partition.Key], latest[partition.Key]);
        Assert.Equal(topic.Values.Order(StringComparer.Ordinal), read.Concat(rest.Select(static record => record.Value)).Distinct().Order(StringComparer.Ordinal));
        return rest.Count(record => read.Contains(record.Value));
    }
}
