using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Facts;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Unit.Broker.Metadata.Simulation;
using Xunit;

namespace Moldau.Unit.Broker.Metadata.Operations;

public class TopicTests
{
    private static readonly IReadOnlyDictionary<string, string> Compacted = new Dictionary<string, string> { ["cleanup.policy"] = "compact" };

    [Fact]
    public async Task A_topic_is_its_name_its_partitions_and_its_settings()
    {
        await using var store = MetadataCalls.Open();

        Assert.Equal(new TopicCreation.Created(2), await CreateAsync(store, MetadataCalls.Topic("orders", 1, 2, Compacted)));

        Assert.Equal(
            [
                """config/topic/orders {"v":1,"values":{"cleanup.policy":"compact"}}""",
                """partition/EAAAAAAAAAAAAAAAAAAAAQ/00000000 {"v":1,"replicas":[7],"isr":[7],"leader":7,"leaderEpoch":0,"partitionEpoch":0}""",
                """partition/EAAAAAAAAAAAAAAAAAAAAQ/00000001 {"v":1,"replicas":[7],"isr":[7],"leader":7,"leaderEpoch":0,"partitionEpoch":0}""",
                """topic-id/EAAAAAAAAAAAAAAAAAAAAQ {"v":1,"name":"orders","partitions":2,"state":"created"}""",
                """topic/orders {"v":1,"id":"EAAAAAAAAAAAAAAAAAAAAQ","partitions":2}""",
            ],
            await store.ShowAsync());
    }

    [Theory]
    [InlineData(96, 2)]
    [InlineData(97, 2)]
    [InlineData(98, 3)]
    [InlineData(10_000, 104)]
    public async Task A_large_topic_takes_many_transactions_and_its_name_comes_with_the_last(int partitions, int transactions)
    {
        var seen = new List<FactTransaction>();
        await using var store = MetadataCalls.Open(faults: new FactFaults
        {
            Outcome = transaction =>
            {
                seen.Add(transaction);
                return InjectedOutcome.None;
            },
        });

        Assert.IsType<TopicCreation.Created>(await CreateAsync(store, MetadataCalls.Topic("large", 1, partitions)));

        Assert.Equal(transactions, seen.Count);
        Assert.Equal(partitions, await store.CountAsync(MetadataKeys.Partitions));
        Assert.Equal([transactions - 1], seen.Index().Where(static step => step.Item.Operations.Any(static change => change.Key == "topic/large")).Select(static step => step.Index));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_said_with_its_holder_and_nothing_is_left()
    {
        await using var store = MetadataCalls.Open();
        await CreateAsync(store, MetadataCalls.Topic("orders", 1));
        var before = await store.ShowAsync();

        Assert.Equal(new TopicCreation.NameTaken(MetadataCalls.Id(1)), await CreateAsync(store, MetadataCalls.Topic("orders", 2, 250)));
        Assert.Equal(before, await store.ShowAsync());
    }

    [Fact]
    public async Task A_creation_that_loses_the_name_at_the_last_moment_takes_its_partitions_away()
    {
        await using var store = MetadataCalls.Open();
        var slow = new InterferingStore(store, beforeApply: async transaction =>
        {
            if (TamperingStore.Touches(transaction, MetadataKeys.TopicNames)) await CreateAsync(store, MetadataCalls.Topic("orders", 2));
        });

        Assert.Equal(new TopicCreation.NameTaken(MetadataCalls.Id(2)), await CreateAsync(slow, MetadataCalls.Topic("orders", 1, 250)));
        Assert.Equal(["partition/EAAAAAAAAAAAAAAAAAAAAg/00000000", "topic-id/EAAAAAAAAAAAAAAAAAAAAg", "topic/orders"], await KeysAsync(store));
    }

    [Fact]
    public async Task A_name_that_is_free_again_by_the_time_is_taken_after_all()
    {
        await using var store = MetadataCalls.Open();
        var isFirst = true;
        var slow = new InterferingStore(
            store,
            beforeGet: key =>
            {
                if (key == MetadataKeys.TopicName("orders")) Assert.True(new DeleteTopic(store).RunAsync("orders", MetadataCalls.Id(2)).IsCompletedSuccessfully);
            },
            beforeApply: async transaction =>
            {
                if (isFirst && TamperingStore.Touches(transaction, MetadataKeys.TopicNames)) await CreateAsync(store, MetadataCalls.Topic("orders", 2));
                isFirst &= !TamperingStore.Touches(transaction, MetadataKeys.TopicNames);
            });

        Assert.IsType<TopicCreation.Created>(await CreateAsync(slow, MetadataCalls.Topic("orders", 1, 2)));
        Assert.Equal(MetadataCalls.Id(1), (await store.FindAsync<TopicNameRecord>("topic/orders"))!.Id);
    }

    [Fact]
    public async Task A_creation_asked_for_again_is_recognised_by_its_id()
    {
        await using var store = MetadataCalls.Open();
        await CreateAsync(store, MetadataCalls.Topic("orders", 1));

        Assert.Equal(new TopicCreation.Created(2), await CreateAsync(store, MetadataCalls.Topic("orders", 1)));
    }

    [Fact]
    public async Task A_deleted_topic_is_gone_at_once_and_its_name_free()
    {
        await using var store = MetadataCalls.Open();
        await CreateAsync(store, MetadataCalls.Topic("orders", 1, 600, Compacted));

        Assert.NotNull(await new DeleteTopic(store).RunAsync("orders", MetadataCalls.Id(1)));
        Assert.Equal(601, await store.CountAsync());
        Assert.IsType<TopicCreation.Created>(await CreateAsync(store, MetadataCalls.Topic("orders", 2)));
        await new TopicRemains(store).RemoveAsync(MetadataCalls.Id(1));

        Assert.Equal(["partition/EAAAAAAAAAAAAAAAAAAAAg/00000000", "topic-id/EAAAAAAAAAAAAAAAAAAAAg", "topic/orders"], await KeysAsync(store));
    }

    [Fact]
    public async Task Only_the_topic_with_the_id_is_deleted()
    {
        await using var store = MetadataCalls.Open();
        await CreateAsync(store, MetadataCalls.Topic("orders", 1));
        var before = await store.ShowAsync();

        Assert.Null(await new DeleteTopic(store).RunAsync("orders", MetadataCalls.Id(2)));
        Assert.Null(await new DeleteTopic(store).RunAsync("others", MetadataCalls.Id(1)));
        await new TopicRemains(store).RemoveAsync(MetadataCalls.Id(1));

        Assert.Equal(before, await store.ShowAsync());
    }

    [Fact]
    public async Task Wherever_a_creation_or_a_deletion_dies_the_next_start_makes_an_end_of_it()
    {
        var counting = new MemoryFileSystem();
        await RunAsync(counting);
        for (var stop = 0; stop < counting.Operations; stop++)
        {
            var disk = new MemoryFileSystem { StopsAfter = stop };
            await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(disk));

            await using var store = MetadataCalls.Open(disk.AfterCrash(new Random(stop)));
            await new RemoveUnbornTopics(store).RunAsync();
            var whole = await store.FindAsync<TopicNameRecord>("topic/large") is not null;
            Assert.Equal(whole ? 302 : 0, await store.CountAsync());
            Assert.Equal(0, await new RemoveUnbornTopics(store).RunAsync());
        }

        static async Task RunAsync(IFileSystem disk)
        {
            await using var store = MetadataCalls.Open(disk);
            Assert.IsType<TopicCreation.Created>(await CreateAsync(store, MetadataCalls.Topic("large", 1, 300)));
            await new DeleteTopic(store).RunAsync("large", MetadataCalls.Id(1));
            await new TopicRemains(store).RemoveAsync(MetadataCalls.Id(1));
        }
    }

    /// <summary>The break: pieces that do not compare the topic's record are put behind its removal, and nothing leads to them.</summary>
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 52)]
    public async Task A_creation_under_way_that_is_taken_for_dead_ends_without_a_topic_and_leaves_nothing(bool isBroken, int left)
    {
        await using var store = MetadataCalls.Open();
        var slow = new InterferingStore(store, beforeApply: async transaction =>
        {
            if (transaction.Operations[0].Key == MetadataKeys.Partition(MetadataCalls.Id(1), 198)) Assert.Equal(1, await new RemoveUnbornTopics(store).RunAsync());
        });
        await using var broken = new TamperingStore(slow, static sent => TamperingStore.Touches(sent, MetadataKeys.Partitions) ? TamperingStore.Without(sent, MetadataKeys.Topics) : sent);

        Assert.IsType<TopicCreation.Abandoned>(await CreateAsync(isBroken ? broken : slow, MetadataCalls.Topic("orders", 1, 250)));

        Assert.Equal(left, await store.CountAsync());
    }

    [Theory]
    [InlineData(MetadataKeys.Partitions)]
    [InlineData(MetadataKeys.TopicNames)]
    public async Task A_creation_that_stays_in_doubt_makes_an_end_of_it(string prefix)
    {
        await using var store = MetadataCalls.Open(faults: new FactFaults
        {
            Outcome = transaction => transaction.Operations[0].Kind == FactOperationKind.Put && TamperingStore.Touches(transaction, prefix) ? InjectedOutcome.UnknownLost : InjectedOutcome.None,
        });

        Assert.Contains("is not known", Assert.IsType<TopicCreation.Abandoned>(await CreateAsync(store, MetadataCalls.Topic("orders", 1, 250))).Reason, StringComparison.Ordinal);
        Assert.Equal(0, await store.CountAsync());
    }

    [Fact]
    public async Task A_creation_that_is_refused_half_way_takes_away_what_it_has_put()
    {
        var disk = new MemoryFileSystem();
        await using var store = MetadataCalls.Open(disk);
        var slow = new InterferingStore(store, beforeApply: transaction =>
        {
            disk.Capacity = TamperingStore.Touches(transaction, MetadataKeys.TopicNames) ? 0 : long.MaxValue;
            return Task.CompletedTask;
        });

        Assert.Equal(FactRefusal.DiskFull, (await Assert.ThrowsAsync<FactRefusedException>(() => CreateAsync(slow, MetadataCalls.Topic("orders", 1, 250)))).Refusal);
        Assert.Equal(0, await store.CountAsync());
    }

    [Fact]
    public async Task What_an_earlier_call_with_the_same_id_has_left_is_taken_away()
    {
        await using var store = MetadataCalls.Open();
        await store.PutAsync(MetadataKeys.Topic(MetadataCalls.Id(1)), new TopicRecord("orders", 250, TopicState.Creating));
        await store.PutAsync(MetadataKeys.Partition(MetadataCalls.Id(1), 120), PartitionRecord.New([7]));

        Assert.IsType<TopicCreation.Abandoned>(await CreateAsync(store, MetadataCalls.Topic("orders", 1, 250)));
        Assert.Equal(0, await store.CountAsync());
    }

    [Fact]
    public async Task A_store_that_takes_nothing_on_is_said_as_such()
    {
        var disk = new MemoryFileSystem();
        await using var store = MetadataCalls.Open(disk);
        disk.Capacity = 0;

        var refused = await Assert.ThrowsAsync<FactRefusedException>(() => CreateAsync(store, MetadataCalls.Topic("orders", 1)));
        Assert.Equal(FactRefusal.DiskFull, refused.Refusal);
    }

    [Fact]
    public async Task A_store_that_fails_while_in_doubt_leaves_the_doubt()
    {
        var disk = new MemoryFileSystem();
        await using var store = MetadataCalls.Open(disk);
        disk.Fault = static (operation, _) => operation == DiskOperation.Flush ? DiskFault.Failed : null;

        var unknown = await Assert.ThrowsAsync<OutcomeUnknownException>(() => CreateAsync(store, MetadataCalls.Topic("orders", 1)));
        Assert.Contains("topic-id/", unknown.Message, StringComparison.Ordinal);
    }

    private static Task<TopicCreation> CreateAsync(IMetadataStore store, NewTopic topic) => new CreateTopic(store).RunAsync(topic);

    private static async Task<IEnumerable<string>> KeysAsync(LocalMetadataStore store) => (await store.ListAsync("")).Entries.Select(static entry => entry.Key);
}
