using Moldau.Client;
using Moldau.Client.Groups;
using Moldau.Client.Groups.Assignors;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Unit.Client.Groups;

/// <summary>What assignors give: as Kafka's documentation has it where it gives examples, and by their rules for thousands of groups.</summary>
public class AssignorTests
{
    [Fact]
    public void Range_gives_partitions_of_the_same_number_together_and_the_first_ones_more()
    {
        var given = new RangeAssignor().Assign([Member("C0", "t0", "t1"), Member("C1", "t0", "t1")], Topics(("t0", 3), ("t1", 3)));
        Assert.Equal("C0: t0-0 t0-1 t1-0 t1-1; C1: t0-2 t1-2", Text(given));
    }

    [Fact]
    public void Range_puts_static_members_first_by_their_names()
    {
        var given = new RangeAssignor().Assign([Member("a", "t"), Member("z", "t") with { InstanceId = "1" }, Member("y", "t") with { InstanceId = "2" }], Topics(("t", 4)));
        Assert.Equal("a: t-3; y: t-2; z: t-0 t-1", Text(given));
    }

    [Fact]
    public void Round_robin_goes_round_and_passes_over_who_does_not_read_a_topic()
    {
        var even = new RoundRobinAssignor().Assign([Member("C0", "t0", "t1"), Member("C1", "t0", "t1")], Topics(("t0", 3), ("t1", 3)));
        Assert.Equal("C0: t0-0 t0-2 t1-1; C1: t0-1 t1-0 t1-2", Text(even));
        var uneven = new RoundRobinAssignor().Assign([Member("C0", "t0"), Member("C1", "t0", "t1"), Member("C2", "t0", "t1", "t2")], Topics(("t0", 1), ("t1", 2), ("t2", 3)));
        Assert.Equal("C0: t0-0; C1: t1-0; C2: t1-1 t2-0 t2-1 t2-2", Text(uneven));
    }

    [Fact]
    public void Sticky_gives_out_what_one_left_and_moves_nothing_else()
    {
        // Kafka's own example: C1 of three goes, and of six partitions those of the others stay.
        var topics = Topics(("t0", 2), ("t1", 2), ("t2", 2), ("t3", 2));
        AssignorMember[] all = [Member("C0", "t0", "t1", "t2", "t3"), Member("C1", "t0", "t1", "t2", "t3"), Member("C2", "t0", "t1", "t2", "t3")];
        var before = new StickyAssignor().Assign(all, topics);
        var after = new StickyAssignor().Assign([all[0] with { Owned = before["C0"], Generation = 1 }, all[2] with { Owned = before["C2"], Generation = 1 }], topics);
        Assert.Empty(before["C0"].Except(after["C0"]).Concat(before["C2"].Except(after["C2"])));
        Assert.Equal([4, 4], after.Values.Select(static its => its.Count));
    }

    [Fact]
    public void Sticky_with_uneven_subscriptions_gives_each_what_only_it_can_read()
    {
        var given = new StickyAssignor().Assign([Member("C0", "t0"), Member("C1", "t0", "t1"), Member("C2", "t0", "t1", "t2")], Topics(("t0", 1), ("t1", 2), ("t2", 3)));
        Assert.Equal("C0: t0-0; C1: t1-0 t1-1; C2: t2-0 t2-1 t2-2", Text(given));
    }

    [Fact]
    public void Cooperative_sticky_gives_nobody_what_another_still_has()
    {
        var topics = Topics(("t", 4));
        var one = Member("a", "t") with { Owned = All(topics), Generation = 3 };
        var first = new CooperativeStickyAssignor().Assign([one, Member("b", "t")], topics);
        Assert.Equal(2, first["a"].Count);
        Assert.Empty(first["b"]);
        var second = new CooperativeStickyAssignor().Assign([one with { Owned = first["a"], Generation = 4 }, Member("b", "t")], topics);
        Assert.Equal(first["a"], second["a"]);
        Assert.Equal(2, second["b"].Count);
    }

    [Fact]
    public void Of_two_who_claim_a_partition_the_later_generation_is_believed_and_of_the_same_neither()
    {
        var topics = Topics(("t", 2));
        var claims = All(topics);
        var later = new StickyAssignor().Assign([Member("a", "t") with { Owned = claims, Generation = 4 }, Member("b", "t") with { Owned = [claims[0]], Generation = 5 }], topics);
        Assert.Equal("a: t-1; b: t-0", Text(later));
        var same = new CooperativeStickyAssignor().Assign([Member("a", "t") with { Owned = claims, Generation = 5 }, Member("b", "t") with { Owned = claims, Generation = 5 }], topics);
        Assert.Equal(2, same.Values.Sum(static its => its.Count));
    }

    [Theory]
    [InlineData(ClassicAssignor.Range)]
    [InlineData(ClassicAssignor.RoundRobin)]
    [InlineData(ClassicAssignor.Sticky)]
    [InlineData(ClassicAssignor.CooperativeSticky)]
    public void Everything_goes_to_one_who_reads_it_and_to_one_alone(ClassicAssignor kind)
    {
        var chance = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var topics = Draw(chance);
            var members = DrawMembers(chance, topics, even: false);
            var given = PartitionAssignor.Of(kind).Assign(members, topics);
            Check(members, topics, given);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sticky_is_even_and_moves_no_more_than_that_takes(bool isCooperative)
    {
        var chance = new Random(11);
        PartitionAssignor assignor = isCooperative ? new CooperativeStickyAssignor() : new StickyAssignor();
        for (var round = 0; round < 300; round++)
        {
            var topics = Draw(chance);
            var members = DrawMembers(chance, topics, even: true);
            var given = assignor.Assign(members, topics);
            for (var step = 0; step < 6; step++)
            {
                var next = Change(chance, members, topics, given, step);
                var before = given;
                members = next;
                given = assignor.Assign(members, topics);
                if (isCooperative)
                {
                    // The second round gives what was taken in the first.
                    members = members.ConvertAll(member => member with { Owned = given[member.Id], Generation = member.Generation + 1 });
                    given = assignor.Assign(members, topics);
                }

                Check(members, topics, given);
                var total = topics.Values.Sum();
                Assert.All(given.Values, its => Assert.InRange(its.Count, total / members.Count, (total + members.Count - 1) / members.Count));
                var moved = members.Sum(member => before.GetValueOrDefault(member.Id, []).Except(given[member.Id]).Count());
                Assert.Equal(LeastMoves(members, before, total), moved);
            }
        }
    }

    [Fact]
    public void Sticky_with_uneven_subscriptions_leaves_nobody_who_could_take_one_of_another_that_has_two_more()
    {
        var chance = new Random(13);
        for (var round = 0; round < 500; round++)
        {
            var topics = Draw(chance);
            var members = DrawMembers(chance, topics, even: false);
            var given = new StickyAssignor().Assign(members, topics);
            foreach (var giver in members)
            {
                foreach (var taker in members)
                {
                    if (given[taker.Id].Count + 2 <= given[giver.Id].Count) Assert.DoesNotContain(given[giver.Id], where => taker.Topics.Contains(where.Topic));
                }
            }
        }
    }

    [Fact]
    public void What_sticky_tells_its_leader_is_read_back_and_the_older_form_without_a_generation_too()
    {
        TopicPartition[] had = [new("b", 3), new("a", 0), new("a", 2)];
        var data = new StickyAssignor().UserData(had, 9)!;
        // An array of (name, array of numbers), then the generation, as Kafka's sticky assignor writes it.
        Assert.Equal("00000002000161000000020000000000000002000162000000010000000300000009", Convert.ToHexStringLower(data));
        var (owned, generation) = new StickyAssignor().OwnedBy(new ConsumerProtocolSubscription { UserData = data });
        Assert.Equal([new("a", 0), new("a", 2), new("b", 3)], owned);
        Assert.Equal(9, generation);
        (owned, generation) = new StickyAssignor().OwnedBy(new ConsumerProtocolSubscription { UserData = data.AsMemory(0, data.Length - sizeof(int)) });
        Assert.Equal((3, -1), (owned.Count, generation));
        (owned, _) = new StickyAssignor().OwnedBy(new ConsumerProtocolSubscription { UserData = new byte[] { 0, 0, 0, 9, 1 } });
        Assert.Empty(owned);
    }

    [Fact]
    public void A_subscription_is_read_in_every_version_and_from_clients_that_name_a_higher_one()
    {
        var subscription = new ConsumerProtocolSubscription { Topics = ["t"], GenerationId = 4, RackId = "r" };
        subscription.OwnedPartitions.Add(new() { Topic = "t", Partitions = [1, 2] });
        var newest = ClassicSubscription.Write(subscription);
        Assert.Equal([0, 3], newest[..2]);
        Assert.Equal((4, "r"), (ClassicSubscription.Subscription(newest).GenerationId, ClassicSubscription.Subscription(newest).RackId));
        byte[] unknown = [0, 9, .. newest[2..], 1, 2, 3];
        Assert.Equal(["t"], ClassicSubscription.Subscription(unknown).Topics);
        Assert.Equal(4, ClassicSubscription.Subscription(unknown).GenerationId);
        var oldest = new byte[] { 0, 3, 0, 0, 0, 1, 0, 1, (byte)'t', 0xff, 0xff, 0xff, 0xff };
        Assert.Equal(["t"], ClassicSubscription.Subscription(oldest).Topics);
        Assert.Empty(ClassicSubscription.Subscription(new byte[] { 1 }).Topics);
    }

    private static int LeastMoves(List<AssignorMember> members, Dictionary<string, List<TopicPartition>> before, int total)
    {
        var (share, more) = Math.DivRem(total, members.Count);
        // Whoever has most keeps one more; everybody above that gives the rest.
        return members.Select(member => before.GetValueOrDefault(member.Id, []).Count).OrderDescending().Select((had, place) => Math.Max(0, had - (place < more ? share + 1 : share))).Sum();
    }

    private static List<AssignorMember> Change(Random chance, List<AssignorMember> members, Dictionary<string, int> topics, Dictionary<string, List<TopicPartition>> given, int step)
    {
        var next = members.ConvertAll(member => member with { Owned = given[member.Id], Generation = step + 10 });
        if (next.Count > 1 && chance.Next(2) == 0) next.RemoveAt(chance.Next(next.Count));
        else next.Insert(chance.Next(next.Count + 1), Member($"n{step}", [.. topics.Keys]));
        return next;
    }

    private static void Check(List<AssignorMember> members, Dictionary<string, int> topics, Dictionary<string, List<TopicPartition>> given)
    {
        var all = new HashSet<TopicPartition>();
        foreach (var member in members)
        {
            Assert.All(given[member.Id], where => Assert.Contains(where.Topic, member.Topics));
            Assert.All(given[member.Id], where => Assert.True(all.Add(where)));
        }

        Assert.Equal(members.Count, given.Count);
        Assert.Equal(topics.Where(topic => members.Exists(member => member.Topics.Contains(topic.Key))).Sum(static topic => topic.Value), all.Count);
    }

    private static Dictionary<string, int> Draw(Random chance)
    {
        var topics = new Dictionary<string, int>();
        for (var i = chance.Next(1, 5); i > 0; i--) topics[$"t{i}"] = chance.Next(1, 9);
        return topics;
    }

    private static List<AssignorMember> DrawMembers(Random chance, Dictionary<string, int> topics, bool even)
    {
        var members = new List<AssignorMember>();
        for (var i = chance.Next(1, 7); i > 0; i--) members.Add(Member($"m{i}", [.. topics.Keys.Where(_ => even || chance.Next(2) == 0)]));
        return members;
    }

    private static AssignorMember Member(string id, params string[] topics) => new(id, null, topics.ToHashSet(), []);

    private static Dictionary<string, int> Topics(params (string Name, int Count)[] topics) => topics.ToDictionary(static topic => topic.Name, static topic => topic.Count);

    private static List<TopicPartition> All(Dictionary<string, int> topics) => [.. topics.SelectMany(static topic => Enumerable.Range(0, topic.Value).Select(number => new TopicPartition(topic.Key, number)))];

    private static string Text(Dictionary<string, List<TopicPartition>> given) =>
        string.Join("; ", given.OrderBy(static one => one.Key, StringComparer.Ordinal).Select(static one => $"{one.Key}: {string.Join(' ', PartitionOrder.Sorted(one.Value))}"));
}
