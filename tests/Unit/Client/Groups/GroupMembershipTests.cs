using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Groups;
using Moldau.Protocol.Errors;
using Moldau.Testing;
using Xunit;

namespace Moldau.Unit.Client.Groups;

/// <summary>Members of both protocols at a broker in this process.</summary>
public class GroupMembershipTests
{
    private const string Group = "g";

    public static TheoryData<GroupProtocol, ClassicAssignor[]?> Kinds => new()
    {
        { GroupProtocol.Auto, null },
        { GroupProtocol.Consumer, null },
        { GroupProtocol.Classic, null },
        { GroupProtocol.Classic, [ClassicAssignor.Range] },
        { GroupProtocol.Classic, [ClassicAssignor.RoundRobin] },
        { GroupProtocol.Classic, [ClassicAssignor.Sticky] },
        { GroupProtocol.Classic, [ClassicAssignor.CooperativeSticky] },
    };

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Members_share_the_partitions_out_and_take_over_what_one_leaves(GroupProtocol protocol, ClassicAssignor[]? assignors)
    {
        await using var broker = await StartAsync();
        await using var client = await WithTopicAsync(broker, "t", 6);
        var options = Options(protocol, assignors);
        await using var one = new Reader(broker.BootstrapServers, Group, options, "t");
        await Reader.UntilAsync(() => one.Has.Count == 6, one);
        await using var other = new Reader(broker.BootstrapServers, Group, options, "t");
        await Reader.UntilAsync(() => one.Has.Count == 3 && other.Has.Count == 3, one, other);
        Assert.Empty(one.Has.Intersect(other.Has));

        await one.Membership.LeaveAsync(TimeSpan.FromSeconds(10));

        Assert.True(one.Membership.Completion.IsCompletedSuccessfully);
        Assert.Empty(one.Has);
        Assert.Null(one.Membership.Current);
        await Reader.UntilAsync(() => other.Has.Count == 6, other);
        Assert.DoesNotContain(one.Heard.Concat(other.Heard), static what => what[0] == '!');
    }

    [Theory(Timeout = 60_000)]
    [InlineData(GroupProtocol.Consumer)]
    [InlineData(GroupProtocol.Classic)]
    public async Task What_a_member_commits_is_what_the_next_one_finds(GroupProtocol protocol)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var broker = await StartAsync();
        await using var client = await WithTopicAsync(broker, "t", 2);
        var where = new TopicPartition("t", 1);
        await using (var one = new Reader(broker.BootstrapServers, Group, Options(protocol), "t"))
        {
            await Reader.UntilAsync(() => one.Has.Count == 2, one);
            var outcomes = await one.Membership.CommitAsync(new Dictionary<TopicPartition, OffsetPosition> { [where] = new(7, 0, "so far") }, cancellation);
            Assert.True(outcomes[where].Succeeded, outcomes[where].Error?.Message);
        }

        await using var other = new Reader(broker.BootstrapServers, Group, Options(protocol), "t");
        await Reader.UntilAsync(() => other.Has.Count == 2, other);
        var found = await other.Membership.CommittedAsync(other.Has, isStable: true, cancellation);
        Assert.Equal([KeyValuePair.Create(where, new OffsetPosition(7, 0, "so far"))], found);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(GroupProtocol.Consumer)]
    [InlineData(GroupProtocol.Classic)]
    public async Task A_commit_for_what_is_given_away_is_an_outcome_and_stores_nothing(GroupProtocol protocol)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var broker = await StartAsync();
        await using var client = await WithTopicAsync(broker, "t", 2);
        await using var one = new Reader(broker.BootstrapServers, Group, Options(protocol), "t");
        await Reader.UntilAsync(() => one.Has.Count == 2, one);
        await using var other = new Reader(broker.BootstrapServers, Group, Options(protocol), "t");
        await Reader.UntilAsync(() => one.Has.Count == 1 && other.Has.Count == 1, one, other);

        var where = other.Has[0];
        var outcomes = await one.Membership.CommitAsync(new Dictionary<TopicPartition, OffsetPosition> { [where] = new(5), [one.Has[0]] = new(3) }, cancellation);

        Assert.True(GroupOffsets.IsStale(outcomes[where].Error!.Code));
        Assert.True(outcomes[one.Has[0]].Succeeded);
        Assert.Equal([one.Has[0]], (await client.Groups.OffsetsAsync(Group, cancellation)).Keys);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(GroupProtocol.Consumer)]
    [InlineData(GroupProtocol.Classic)]
    public async Task A_revocation_waits_for_what_is_under_way_and_its_commit_counts(GroupProtocol protocol)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var broker = await StartAsync();
        await using var client = await WithTopicAsync(broker, "t", 2);
        await using var one = new Reader(broker.BootstrapServers, Group, Options(protocol), "t");
        await Reader.UntilAsync(() => one.Has.Count == 2, one);
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        one.OnRevoke = async token =>
        {
            entered.TrySetResult();
            await release.Task.WaitAsync(token);
            var all = one.Has.ToDictionary(static where => where, static _ => new OffsetPosition(11));
            foreach (var outcome in (await one.Membership.CommitAsync(all, token)).Values) outcome.Get();
        };
        await using var other = new Reader(broker.BootstrapServers, Group, Options(protocol), "t");
        await entered.Task.WaitAsync(cancellation);
        Assert.Empty(other.Has);
        release.SetResult();
        await Reader.UntilAsync(() => one.Has.Count == 1 && other.Has.Count == 1, one, other);
        Assert.Equal(11, (await other.Membership.CommittedAsync(other.Has, false, cancellation))[other.Has[0]].Offset);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(GroupProtocol.Consumer)]
    [InlineData(GroupProtocol.Classic)]
    public async Task Whoever_is_put_out_loses_everything_and_joins_again(GroupProtocol protocol)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var broker = await StartAsync();
        await using var client = await WithTopicAsync(broker, "t", 2);
        await using var one = new Reader(broker.BootstrapServers, Group, Options(protocol), "t");
        await Reader.UntilAsync(() => one.Has.Count == 2, one);
        var before = one.Membership.Current!;

        await PutOutAsync(client, one, protocol);

        await Reader.UntilAsync(() => one.Heard.Count >= 3 && one.Has.Count == 2, one);
        Assert.Equal(["+t-0,t-1", "!t-0,t-1", "+t-0,t-1"], one.Heard);
        Assert.NotNull(one.Membership.Current);
        if (protocol == GroupProtocol.Classic) Assert.NotEqual(before.MemberId, one.Membership.Current.MemberId);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(GroupProtocol.Consumer)]
    [InlineData(GroupProtocol.Classic)]
    public async Task A_coordinator_that_restarts_finds_its_members_again(GroupProtocol protocol)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var broker = await StartAsync();
        await using var client = await WithTopicAsync(broker, "t", 4);
        await using var one = new Reader(broker.BootstrapServers, Group, Options(protocol), "t");
        await using var other = new Reader(broker.BootstrapServers, Group, Options(protocol), "t");
        await Reader.UntilAsync(() => one.Has.Count == 2 && other.Has.Count == 2, one, other);

        await broker.RestartAsync();

        var outcomes = await one.Membership.CommitAsync(one.Has.ToDictionary(static where => where, static _ => new OffsetPosition(1)), cancellation);
        Assert.All(outcomes.Values, static outcome => Assert.True(outcome.Succeeded, outcome.Error?.Message));
        await other.Membership.LeaveAsync(TimeSpan.FromSeconds(10));
        await Reader.UntilAsync(() => one.Has.Count == 4, one);
        Assert.DoesNotContain(one.Heard, static what => what[0] == '!');
    }

    [Theory(Timeout = 60_000)]
    [InlineData(GroupProtocol.Consumer)]
    [InlineData(GroupProtocol.Classic)]
    public async Task A_pattern_finds_topics_that_come_later(GroupProtocol protocol)
    {
        await using var broker = await StartAsync();
        await using var client = await WithTopicAsync(broker, "orders-1", 1);
        await using var one = new Reader(broker.BootstrapServers, Group, Options(protocol), GroupSubscription.Matching("orders-[0-9]+"));
        await Reader.UntilAsync(() => one.Has.Count == 1, one);
        await client.Topics.CreateAsync([new NewTopic("orders-22") { Partitions = 2 }, new NewTopic("orders-x")], cancellation: TestContext.Current.CancellationToken);
        await Reader.UntilAsync(() => one.Has.Count == 3, one);
        Assert.Equal(["orders-1-0", "orders-22-0", "orders-22-1"], one.Has.Select(static where => where.ToString()));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(GroupProtocol.Consumer)]
    [InlineData(GroupProtocol.Classic)]
    public async Task A_static_member_that_comes_back_has_what_it_had(GroupProtocol protocol)
    {
        await using var broker = await StartAsync();
        await using var client = await WithTopicAsync(broker, "t", 4);
        await using var stays = new Reader(broker.BootstrapServers, Group, Options(protocol) with { InstanceId = "a" }, "t");
        List<TopicPartition> had;
        await using (var goes = new Reader(broker.BootstrapServers, Group, Options(protocol) with { InstanceId = "b" }, "t"))
        {
            await Reader.UntilAsync(() => stays.Has.Count == 2 && goes.Has.Count == 2, stays, goes);
            had = goes.Has;
        }

        var before = stays.Heard.Count;
        await using var back = new Reader(broker.BootstrapServers, Group, Options(protocol) with { InstanceId = "b" }, "t");
        await Reader.UntilAsync(() => back.Has.Count == 2, back);
        Assert.Equal(had, back.Has);
        Assert.Equal(before, stays.Heard.Count);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(GroupProtocol.Consumer)]
    [InlineData(GroupProtocol.Classic)]
    public async Task Of_two_with_one_instance_id_one_is_told(GroupProtocol protocol)
    {
        await using var broker = await StartAsync();
        await using var client = await WithTopicAsync(broker, "t", 1);
        var options = Options(protocol) with { InstanceId = "a", SessionTimeout = TimeSpan.FromSeconds(protocol == GroupProtocol.Classic ? 6 : 1) };
        await using var one = new Reader(broker.BootstrapServers, Group, options, "t");
        await Reader.UntilAsync(() => one.Has.Count == 1, one);
        await using var other = new Reader(broker.BootstrapServers, Group, options, "t");
        // The classic protocol fences the one that was there, the consumer protocol lets nobody else in.
        var told = protocol == GroupProtocol.Classic ? one : other;
        var failure = await Assert.ThrowsAsync<KafkaException>(() => told.Membership.Completion.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal(protocol == GroupProtocol.Classic ? ErrorCode.FencedInstanceId : ErrorCode.UnreleasedInstanceId, failure.Code);
        Assert.True(failure.IsFatal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Without_progress_a_member_leaves_and_with_it_comes_back()
    {
        await using var broker = await StartAsync();
        await using var client = await WithTopicAsync(broker, "t", 2);
        await using var one = new Reader(broker.BootstrapServers, Group, Options(GroupProtocol.Auto) with { MaxPollInterval = TimeSpan.FromMilliseconds(300) }, "t");
        await Reader.UntilAsync(() => one.Has.Count == 2, one);
        one.Progress = 1;
        await Reader.UntilAsync(() => one.Heard.Count == 2, one);
        Assert.Equal("!t-0,t-1", one.Heard[1]);
        one.Progress = null;
        one.Membership.Nudge();
        await Reader.UntilAsync(() => one.Has.Count == 2, one);
    }

    [Fact(Timeout = 60_000)]
    public async Task Auto_joins_a_group_of_classic_members_that_cannot_change()
    {
        await using var broker = await StartAsync(("group.consumer.migration.policy", "disabled"));
        await using var client = await WithTopicAsync(broker, "t", 4);
        await using var classic = new Reader(broker.BootstrapServers, Group, Options(GroupProtocol.Classic), "t");
        await Reader.UntilAsync(() => classic.Has.Count == 4, classic);
        await using var other = new Reader(broker.BootstrapServers, Group, Options(GroupProtocol.Auto), "t");
        await Reader.UntilAsync(() => classic.Has.Count == 2 && other.Has.Count == 2, classic, other);
        await using var consumer = new Reader(broker.BootstrapServers, Group, Options(GroupProtocol.Consumer), "t");
        var failure = await Assert.ThrowsAsync<KafkaException>(() => consumer.Membership.Completion.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.GroupIdNotFound, failure.Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Leaving_keeps_its_deadline_though_a_handler_does_not_end()
    {
        await using var broker = await StartAsync();
        await using var client = await WithTopicAsync(broker, "t", 1);
        await using var one = new Reader(broker.BootstrapServers, Group, Options(GroupProtocol.Auto), "t") { OnRevoke = static _ => Task.Delay(Timeout.Infinite, CancellationToken.None) };
        await Reader.UntilAsync(() => one.Has.Count == 1, one);
        await one.Membership.LeaveAsync(TimeSpan.FromMilliseconds(50));
    }

    internal static GroupOptions Options(GroupProtocol protocol, ClassicAssignor[]? assignors = null) => new()
    {
        Protocol = protocol,
        Assignors = assignors,
        HeartbeatInterval = TimeSpan.FromMilliseconds(100),
        SessionTimeout = TimeSpan.FromSeconds(30),
    };

    internal static Task<EmbeddedBroker> StartAsync(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>
        {
            ["group.consumer.min.heartbeat.interval.ms"] = "100",
            ["group.consumer.heartbeat.interval.ms"] = "100",
            ["group.consumer.regex.refresh.interval.ms"] = "10000",
            ["offsets.topic.num.partitions"] = "2",
        };
        foreach (var (name, value) in settings) all[name] = value;
        return EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Settings = all });
    }

    private static async Task<KafkaClient> WithTopicAsync(EmbeddedBroker broker, string topic, int partitions)
    {
        var client = new KafkaClient(new KafkaClientOptions { Bootstrap = broker.BootstrapServers });
        foreach (var outcome in await client.Topics.CreateAsync([new NewTopic(topic) { Partitions = partitions }])) outcome.Get();
        return client;
    }

    /// <summary>What a broker does with a member whose session ended.</summary>
    private static async Task PutOutAsync(KafkaClient client, Reader reader, GroupProtocol protocol)
    {
        var member = reader.Membership.Current!;
        if (protocol == GroupProtocol.Classic)
        {
            await reader.Core.Router.AskAsync<Moldau.Protocol.Messages.LeaveGroupResponse>(
                Moldau.Client.Connections.Destination.CoordinatorOfGroup(Group), Moldau.Protocol.Messages.ApiKey.LeaveGroup,
                new Moldau.Protocol.Messages.LeaveGroupRequest { GroupId = Group, Members = [new() { MemberId = member.MemberId }] }, static answer => (answer.ErrorCode, null), CancellationToken.None);
            return;
        }

        await reader.Core.Router.AskAsync<Moldau.Protocol.Messages.ConsumerGroupHeartbeatResponse>(
            Moldau.Client.Connections.Destination.CoordinatorOfGroup(Group), Moldau.Protocol.Messages.ApiKey.ConsumerGroupHeartbeat,
            new Moldau.Protocol.Messages.ConsumerGroupHeartbeatRequest { GroupId = Group, MemberId = member.MemberId, MemberEpoch = -1 }, static answer => (answer.ErrorCode, null), CancellationToken.None);
    }
}
