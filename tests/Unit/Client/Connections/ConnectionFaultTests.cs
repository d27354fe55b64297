using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Testing;
using Xunit;

namespace Moldau.Unit.Client.Connections;

/// <summary>What a client makes of a broker that misbehaves.</summary>
public class ConnectionFaultTests
{
    private static readonly Dictionary<TopicPartition, OffsetQuery> Latest = new() { [new TopicPartition("t", 0)] = OffsetQuery.Latest };

    [Fact]
    public async Task An_answer_with_another_correlation_id_ends_the_connection_and_the_request_is_made_again()
    {
        var broker = new ScriptedBroker();
        var wrong = 1;
        broker.On(ApiKey.ListOffsets, (request, _, _) => ScriptedReply.Of(Offset(request, 42)) with { CorrelationShift = wrong-- > 0 ? 1 : 0 });

        Assert.Equal(42, await LatestAsync(broker.Options()));
        Assert.Equal(2, broker.Connections);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(9)]
    public async Task An_answer_that_is_cut_off_is_asked_for_again(int bytes)
    {
        var broker = new ScriptedBroker();
        var cut = 1;
        broker.On(ApiKey.ListOffsets, (request, _, _) => ScriptedReply.Of(Offset(request, 42)) with { CutAt = cut-- > 0 ? bytes : null });

        Assert.Equal(42, await LatestAsync(broker.Options()));
        Assert.Equal(2, broker.CountOf(ApiKey.ListOffsets));
    }

    [Fact]
    public async Task A_silent_broker_fails_the_request_at_its_deadline_and_its_connection_with_it()
    {
        var broker = new ScriptedBroker();
        broker.On(ApiKey.ListOffsets, static (_, _, _) => ScriptedReply.Silence);
        var options = broker.Options() with { RequestTimeout = TimeSpan.FromMilliseconds(30), OperationTimeout = TimeSpan.FromMilliseconds(100) };

        var late = await Assert.ThrowsAsync<KafkaTimeoutException>(() => LatestAsync(options));

        Assert.True(late.IsTransient);
        Assert.Equal("scripted:1: no answer to ListOffsets within 0.03 s", late.Message);
        Assert.True(broker.Connections > 1, "the request was not made on a second connection");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_coordinator_that_has_come_since_the_cluster_was_asked_is_found(int rounds)
    {
        var broker = new ScriptedBroker();
        broker.On(ApiKey.FindCoordinator, (request, _, _) =>
        {
            // Some brokers learn later than others who is there.
            if (--rounds == 0) broker.Brokers = [1, 2];
            return ScriptedReply.Of(new FindCoordinatorResponse { Coordinators = [new FindCoordinatorResponse.Coordinator { Key = ((FindCoordinatorRequest)request).CoordinatorKeys[0], NodeId = 2 }] });
        });
        broker.On(ApiKey.OffsetFetch, static (request, _, _) => ScriptedReply.Of(new OffsetFetchResponse { Groups = [new OffsetFetchResponse.Group { GroupId = ((OffsetFetchRequest)request).Groups[0].GroupId }] }));
        await using var client = new KafkaClient(broker.Options());

        Assert.Empty(await client.Groups.OffsetsAsync("g", TestContext.Current.CancellationToken));
        Assert.Equal(2, broker.Asked.Single(static asked => asked.Key == ApiKey.OffsetFetch).Port);
    }

    [Fact]
    public async Task A_call_that_is_given_up_leaves_the_connection_to_the_others()
    {
        var broker = new ScriptedBroker();
        var first = true;
        using var giveUp = new CancellationTokenSource();
        broker.On(ApiKey.ListOffsets, (request, _, _) =>
        {
            if (!first) return ScriptedReply.Of(Offset(request, 42));
            first = false;
            giveUp.Cancel();
            return ScriptedReply.Of(Offset(request, 41));
        });
        await using var client = new KafkaClient(broker.Options());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Topics.OffsetsAsync(Latest, cancellation: giveUp.Token));
        var found = await client.Topics.OffsetsAsync(Latest, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(42, found.Values.Single().Get().Offset);
        Assert.Equal(1, broker.Connections);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(0, 0)]
    public async Task An_older_broker_is_asked_again_in_a_version_it_has(short highest, short agreed)
    {
        var broker = new ScriptedBroker();
        broker.On(ApiKey.ApiVersions, (_, version, _) =>
        {
            if (version <= highest) return ScriptedReply.Of(ScriptedBroker.AllVersions());
            var refusal = new ApiVersionsResponse { ErrorCode = ErrorCode.UnsupportedVersion };
            // Brokers before 2.4 say nothing more than that.
            if (highest > 0) refusal.ApiKeys.Add(new ApiVersionsResponse.Api { ApiKey = (short)ApiKey.ApiVersions, MaxVersion = highest });
            return ScriptedReply.Of(refusal) with { Version = 0 };
        });
        broker.On(ApiKey.ListOffsets, static (request, _, _) => ScriptedReply.Of(Offset(request, 42)));

        Assert.Equal(42, await LatestAsync(broker.Options()));
        Assert.Equal(agreed, broker.Asked.Last(static asked => asked.Key == ApiKey.ApiVersions).Version);
        Assert.Equal(1, broker.Connections);
    }

    [Fact]
    public async Task The_highest_version_that_both_have_is_spoken_and_none_is_an_error_that_says_so()
    {
        var broker = new ScriptedBroker();
        var highest = (short)1;
        broker.On(ApiKey.ApiVersions, (_, _, _) =>
        {
            var response = ScriptedBroker.AllVersions();
            foreach (var api in response.ApiKeys)
            {
                if (api.ApiKey == (short)ApiKey.ListOffsets) (api.MinVersion, api.MaxVersion) = (0, highest);
            }

            return ScriptedReply.Of(response);
        });
        broker.On(ApiKey.ListOffsets, static (request, _, _) => ScriptedReply.Of(Offset(request, 42)));
        Assert.Equal(42, await LatestAsync(broker.Options()));
        Assert.Equal(1, broker.Asked.Last(static asked => asked.Key == ApiKey.ListOffsets).Version);

        highest = 0;
        var refused = await Assert.ThrowsAsync<KafkaException>(() => LatestAsync(broker.Options()));

        Assert.Equal(ErrorCode.UnsupportedVersion, refused.Code);
        Assert.Equal("scripted:1: no common version of ListOffsets: the broker takes 0 to 0, this client has 1 to 11", refused.Message);
    }

    [Fact]
    public async Task A_stale_leader_is_looked_up_anew()
    {
        var broker = new ScriptedBroker { Brokers = [1, 2] };
        broker.On(ApiKey.ListOffsets, (request, _, port) =>
        {
            var answer = Offset(request, 42);
            if (port == 2) return ScriptedReply.Of(answer);
            broker.Leader = 2;
            answer.Topics[0].Partitions[0].ErrorCode = ErrorCode.NotLeaderOrFollower;
            return ScriptedReply.Of(answer);
        });

        Assert.Equal(42, await LatestAsync(broker.Options()));
        Assert.Equal([1, 2], broker.Asked.Where(static asked => asked.Key == ApiKey.ListOffsets).Select(static asked => asked.Port));
    }

    [Fact]
    public async Task A_broker_that_is_not_there_yet_is_waited_for()
    {
        var broker = new ScriptedBroker { RefusedConnections = 3 };
        broker.On(ApiKey.ListOffsets, static (request, _, _) => ScriptedReply.Of(Offset(request, 42)));

        Assert.Equal(42, await LatestAsync(broker.Options()));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_broker_that_never_comes_is_named_with_the_reason()
    {
        var broker = new ScriptedBroker { RefusedConnections = int.MaxValue };
        var clock = new ManualClock();
        await using var client = new KafkaClient(broker.Options() with { OperationTimeout = TimeSpan.FromHours(1), Clock = clock });

        var call = client.Topics.ListAsync(TestContext.Current.CancellationToken);
        // The second attempt says that what became of the first is known; no more time passes before than lets it begin.
        while (int.MaxValue - broker.RefusedConnections < 2 && !call.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        clock.Advance(TimeSpan.FromHours(1));
        var gone = await Assert.ThrowsAsync<KafkaException>(() => call);

        Assert.StartsWith("scripted:1: no connection: refused by the script; is a broker there, and its port right? (given up after 3600 s and ", gone.Message, StringComparison.Ordinal);
        Assert.True(gone.IsTransient);
    }

    [Fact]
    public async Task Requests_on_one_connection_do_not_wait_for_each_other_and_each_gets_its_own_answer()
    {
        var broker = new ScriptedBroker();
        broker.On(ApiKey.ListOffsets, static (request, _, _) => ScriptedReply.Of(Offset(request, ((ListOffsetsRequest)request).Topics[0].Partitions[0].Timestamp)));
        await using var client = new KafkaClient(broker.Options());
        var calls = Enumerable.Range(0, 200).Select(async time =>
        {
            var query = new Dictionary<TopicPartition, OffsetQuery> { [new TopicPartition("t", 0)] = new(time) };
            return (await client.Topics.OffsetsAsync(query)).Values.Single().Get().Offset;
        });

        Assert.Equal(Enumerable.Range(0, 200).Select(static time => (long)time), await Task.WhenAll(calls));
        Assert.Equal(1, broker.Connections);
    }

    [Fact]
    public async Task A_close_ends_what_is_under_way_and_keeps_its_deadline()
    {
        var broker = new ScriptedBroker();
        var asked = new TaskCompletionSource();
        broker.On(ApiKey.ListOffsets, (_, _, _) =>
        {
            asked.TrySetResult();
            return ScriptedReply.Silence;
        });
        var client = new KafkaClient(broker.Options() with { OperationTimeout = TimeSpan.FromMilliseconds(200) });
        var call = client.Topics.OffsetsAsync(Latest, cancellation: TestContext.Current.CancellationToken);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await client.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<Exception>(async () => (await call).Values.Single().Get());
    }

    private static ListOffsetsResponse Offset(IMessage request, long offset)
    {
        var topic = ((ListOffsetsRequest)request).Topics[0];
        return new ListOffsetsResponse
        {
            Topics = [new ListOffsetsResponse.Topic { Name = topic.Name, Partitions = [new ListOffsetsResponse.Partition { Offset = offset }] }],
        };
    }

    private static async Task<long> LatestAsync(KafkaClientOptions options)
    {
        await using var client = new KafkaClient(options);
        return (await client.Topics.OffsetsAsync(Latest, cancellation: TestContext.Current.CancellationToken)).Values.Single().Get().Offset;
    }
}
