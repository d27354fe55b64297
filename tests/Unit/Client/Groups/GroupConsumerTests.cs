using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Groups;
using Moldau.Client.Serdes;
using Moldau.Testing;
using Xunit;

namespace Moldau.Unit.Client.Groups;

/// <summary>Consumers in groups: what is read, what is committed, and what comes again.</summary>
public class GroupConsumerTests
{
    private const string Group = "g";

    [Theory(Timeout = 60_000)]
    [InlineData(GroupProtocol.Consumer)]
    [InlineData(GroupProtocol.Classic)]
    public async Task What_was_done_is_committed_at_the_end_and_the_next_one_goes_on_behind_it(GroupProtocol protocol)
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await WithRecordsAsync(broker, 10);
        Assert.Equal([0, 1, 2, 3], await ReadAsync(client, protocol, 4));
        // The last one was in its reader's hands, and not done.
        Assert.Equal(3, (await client.Groups.OffsetsAsync(Group, Token))[new("t", 0)].Get().Offset);
        Assert.Equal([3, 4, 5, 6, 7, 8, 9], await ReadAsync(client, protocol, 7));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(GroupProtocol.Consumer)]
    [InlineData(GroupProtocol.Classic)]
    public async Task A_partition_that_moves_is_read_on_by_the_other_without_a_gap_and_without_a_repetition(GroupProtocol protocol)
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await WithRecordsAsync(broker, 400, partitions: 4);
        var seen = new List<string>();
        await using var one = Consumer(client, protocol);
        await using var other = Consumer(client, protocol);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var (first, second) = (Task.CompletedTask, Task.CompletedTask);
        var slow = new SemaphoreSlim(0);
        first = Task.Run(() => DrainAsync(one, 100), Token);
        await slow.WaitAsync(Token);
        second = Task.Run(() => DrainAsync(other, int.MaxValue), Token);
        await Task.WhenAll(first, second);
        Assert.Equal(400, seen.Count);
        Assert.Equal(400, seen.Distinct().Count());

        async Task DrainAsync(Consumer<None, string> consumer, int pause)
        {
            try
            {
                var count = 0;
                await foreach (var record in consumer.ReadAllAsync(enough.Token))
                {
                    lock (seen) seen.Add(record.ToString());
                    if (++count == pause) slow.Release();
                    // Others shall have the time to come.
                    if (count >= pause && other.Assignment.Count == 0) await Task.Delay(10, enough.Token);
                    lock (seen)
                    {
                        if (seen.Count >= 400) enough.Cancel();
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // All was read.
            }
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task An_explicit_commit_says_what_it_stored()
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await WithRecordsAsync(broker, 5);
        await using var consumer = Consumer(client, GroupProtocol.Auto);
        var count = 0;
        await foreach (var record in consumer.ReadAllAsync(Token))
        {
            if (++count < 3) continue;
            var outcomes = await consumer.CommitAsync(Token);
            Assert.Equal(2, outcomes[new("t", 0)].Get().Offset);
            break;
        }

        Assert.Equal(Group, consumer.Group!.GroupId);
        Assert.Equal(2, (await client.Groups.OffsetsAsync(Group, Token))[new("t", 0)].Get().Offset);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_application_is_told_of_what_comes_and_goes_and_may_seek_before_the_first_record()
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await WithRecordsAsync(broker, 5);
        var told = new List<string>();
        Consumer<None, string>? consumer = null;
        consumer = client.CreateConsumer<None, string>(new ConsumerOptions
        {
            GroupId = Group,
            Topics = ["t"],
            Group = GroupMembershipTests.Options(GroupProtocol.Auto) with
            {
                OnAssigned = async (gained, _) =>
                {
                    told.Add($"+{string.Join(",", gained)}");
                    await consumer!.SeekAsync(gained[0], StartPosition.Offset(3));
                },
                OnRevoking = (given, _) =>
                {
                    told.Add($"-{string.Join(",", given)}");
                    return default;
                },
            },
        });
        await foreach (var record in consumer.ReadAllAsync(Token))
        {
            Assert.Equal(3, record.Offset);
            break;
        }

        await consumer.DisposeAsync();
        Assert.Equal(["+t-0", "-t-0"], told);
    }

    [Fact(Timeout = 60_000)]
    public async Task Whoever_cannot_be_a_member_is_told_when_he_reads()
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await WithRecordsAsync(broker, 1);
        await using var consumer = client.CreateConsumer<None, string>(new ConsumerOptions
        {
            GroupId = Group,
            Topics = ["t"],
            Group = GroupMembershipTests.Options(GroupProtocol.Consumer) with { ServerAssignor = "nobody-has-this" },
        });
        var failure = await Assert.ThrowsAsync<KafkaException>(async () =>
        {
            await foreach (var record in consumer.ReadAllAsync(Token)) Assert.Fail($"read {record}");
        });
        Assert.Equal(Moldau.Protocol.Errors.ErrorCode.UnsupportedAssignor, failure.Code);
        Assert.True(failure.IsFatal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Without_topics_the_group_only_remembers()
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await WithRecordsAsync(broker, 5);
        for (var round = 0; round < 2; round++)
        {
            await using var consumer = client.CreateConsumer<None, string>(new ConsumerOptions { GroupId = Group });
            await consumer.AssignAsync(new TopicPartition("t", 0));
            var first = -1L;
            await foreach (var record in consumer.ReadAllAsync(Token))
            {
                if (first < 0) first = record.Offset;
                if (record.Offset == first + 2) break;
            }

            Assert.Equal(round * 2, first);
        }

        Assert.Equal(4, (await client.Groups.OffsetsAsync(Group, Token))[new("t", 0)].Get().Offset);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(GroupProtocol.Consumer)]
    [InlineData(GroupProtocol.Classic)]
    public async Task Who_stops_at_the_end_and_is_given_no_partition_ends_when_others_had_their_time(GroupProtocol protocol)
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await WithRecordsAsync(broker, 3);
        await using var holder = Cooperative(client, protocol);
        var (begun, reading) = Read(holder);
        await begun.WaitAsync(Token);

        await using var idle = Cooperative(client, protocol, options => options with { RebalanceTimeout = TimeSpan.FromMilliseconds(500) }, stopsAtEnd: true);
        await foreach (var record in idle.ReadAllAsync(Token)) Assert.Fail($"read {record}");
        Assert.NotNull(idle.Group);
        Assert.Equal([new TopicPartition("t", 0)], holder.Assignment);
        await holder.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reading);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(GroupProtocol.Consumer)]
    [InlineData(GroupProtocol.Classic)]
    public async Task Who_stops_at_the_end_waits_for_what_others_have_still_to_give_up(GroupProtocol protocol)
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await WithRecordsAsync(broker, 6, partitions: 2);
        var (asked, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var holder = Cooperative(client, protocol, options => options with
        {
            OnRevoking = async (_, token) =>
            {
                asked.TrySetResult();
                await release.Task.WaitAsync(token);
            },
        });
        var (begun, reading) = Read(holder);
        await begun.WaitAsync(Token);
        await using var late = Cooperative(client, protocol, stopsAtEnd: true);
        var (_, ending) = Read(late);
        await asked.Task.WaitAsync(Token);
        while (late.Group is null) await Task.Delay(1, Token);
        release.SetResult();
        await ending;
        Assert.Equal((1, 1), (late.Assignment.Count, holder.Assignment.Count));
        await holder.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reading);
    }

    /// <summary>Reads until that ends.</summary>
    private static (Task Begun, Task Ended) Read(Consumer<None, string> consumer)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (begun.Task, ReadAsync());

        async Task ReadAsync()
        {
            await foreach (var record in consumer.ReadAllAsync(Token)) begun.TrySetResult();
        }
    }

    private static Consumer<None, string> Cooperative(KafkaClient client, GroupProtocol protocol, Func<GroupOptions, GroupOptions>? change = null, bool stopsAtEnd = false)
    {
        var options = GroupMembershipTests.Options(protocol, [ClassicAssignor.CooperativeSticky]);
        return client.CreateConsumer<None, string>(new ConsumerOptions { GroupId = Group, Topics = ["t"], StopAtEnd = stopsAtEnd, Group = change?.Invoke(options) ?? options });
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Consumer<None, string> Consumer(KafkaClient client, GroupProtocol protocol) => client.CreateConsumer<None, string>(new ConsumerOptions
    {
        GroupId = Group,
        Topics = ["t"],
        Group = GroupMembershipTests.Options(protocol),
    });

    private static async Task<List<long>> ReadAsync(KafkaClient client, GroupProtocol protocol, int count)
    {
        var offsets = new List<long>();
        await using var consumer = Consumer(client, protocol);
        await foreach (var record in consumer.ReadAllAsync(Token))
        {
            offsets.Add(record.Offset);
            if (offsets.Count == count) break;
        }

        return offsets;
    }

    internal static async Task<KafkaClient> WithRecordsAsync(EmbeddedBroker broker, int count, int partitions = 1, Func<int, byte[]?>? key = null, Func<KafkaClientOptions, KafkaClientOptions>? settings = null)
    {
        var options = new KafkaClientOptions { Bootstrap = broker.BootstrapServers };
        var client = new KafkaClient(settings?.Invoke(options) ?? options);
        foreach (var outcome in await client.Topics.CreateAsync([new NewTopic("t") { Partitions = partitions }])) outcome.Get();
        await using var writer = client.CreateProducer();
        for (var i = 0; i < count; i++)
            await writer.EnqueueAsync("t", new() { Key = key?.Invoke(i), Value = System.Text.Encoding.UTF8.GetBytes($"v{i}"), Partition = i % partitions }, Token);
        Assert.Empty((await writer.FlushAsync(Token)).Lost);
        return client;
    }
}
