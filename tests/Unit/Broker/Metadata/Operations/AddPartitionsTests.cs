using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;
using Xunit;

namespace Moldau.Unit.Broker.Metadata.Operations;

public class AddPartitionsTests
{
    [Fact]
    public async Task Partitions_are_there_before_the_name_says_so_and_it_says_so_last()
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
        var topic = await CreateAsync(store);
        seen.Clear();

        Assert.NotNull(await AddAsync(store, topic, from: 2, count: 298));

        Assert.Equal(300, await store.CountAsync(MetadataKeys.Partitions));
        Assert.Equal(300, (await store.FindAsync<TopicNameRecord>(MetadataKeys.TopicName("orders")))!.Partitions);
        Assert.Equal([seen.Count - 1], seen.Index().Where(static step => step.Item.Operations.Any(static change => change.Key == "topic/orders")).Select(static step => step.Index));
    }

    [Fact]
    public async Task Who_has_seen_another_number_changes_nothing()
    {
        await using var store = MetadataCalls.Open();
        var topic = await CreateAsync(store);
        var before = await store.ShowAsync();
        Assert.Null(await AddAsync(store, topic, from: 1, count: 3));
        Assert.Null(await AddAsync(store, MetadataCalls.Topic("orders", 9), from: 2, count: 3));
        Assert.Null(await AddAsync(store, MetadataCalls.Topic("gone", 1), from: 2, count: 3));
        Assert.Equal(before, await store.ShowAsync());
    }

    /// <summary>One that dies before the name leaves nothing that counts; a smaller one comes after it, and a deletion finds the rest.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_an_addition_that_died_has_left_is_written_over_and_goes_with_the_topic(int transactions)
    {
        await using var store = MetadataCalls.Open();
        var topic = await CreateAsync(store);
        var left = transactions;
        var dying = new InterferingStore(store, beforeApply: _ => left-- > 0 ? Task.CompletedTask : Task.FromException(new InvalidOperationException("dead")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => AddAsync(dying, topic, from: 2, count: 298));
        Assert.Equal(2, (await store.FindAsync<TopicNameRecord>(MetadataKeys.TopicName("orders")))!.Partitions);

        Assert.NotNull(await AddAsync(store, topic, from: 2, count: 1));
        Assert.Equal(3, (await store.FindAsync<TopicNameRecord>(MetadataKeys.TopicName("orders")))!.Partitions);

        Assert.NotNull(await new DeleteTopic(store).RunAsync("orders", topic.Id));
        await new TopicRemains(store).RemoveAsync(topic.Id);
        Assert.Empty(await store.ShowAsync());
    }

    [Fact]
    public async Task A_topic_that_is_deleted_meanwhile_gets_none_back()
    {
        await using var store = MetadataCalls.Open();
        var topic = await CreateAsync(store);
        var deleted = false;
        var slow = new InterferingStore(store, beforeApply: async _ =>
        {
            if (deleted) return;
            deleted = true;
            await new DeleteTopic(store).RunAsync("orders", topic.Id);
            await new TopicRemains(store).RemoveAsync(topic.Id);
        });
        Assert.Null(await AddAsync(slow, topic, from: 2, count: 200));
        Assert.Empty(await store.ShowAsync());
    }

    private static async Task<NewTopic> CreateAsync(IMetadataStore store)
    {
        var topic = MetadataCalls.Topic("orders", 1, 2);
        Assert.IsType<TopicCreation.Created>(await new CreateTopic(store).RunAsync(topic));
        return topic;
    }

    private static Task<long?> AddAsync(IMetadataStore store, NewTopic topic, int from, int count) =>
        new AddPartitions(store).RunAsync(topic.Name, topic.Id, from, [.. Enumerable.Repeat(MetadataCalls.Partition(7, 0, 0, 7), count)]);
}
