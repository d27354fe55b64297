using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;
using Moldau.Unit.Broker.Metadata.Simulation;
using Xunit;

namespace Moldau.Unit.Broker.Metadata.Operations;

public class RaiseLeaderEpochsTests
{
    [Fact]
    public async Task Every_partition_the_node_leads_is_raised_and_no_other()
    {
        await using var store = MetadataCalls.Open();
        PartitionRecord[] partitions = [.. Enumerable.Range(0, 1_000).Select(static number => MetadataCalls.Partition(number % 3 == 0 ? 8 : 7, 4, 9, 7, 8))];
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("orders", 1) with { Partitions = partitions });

        Assert.Equal(666, await new RaiseLeaderEpochs(store).RunAsync(7, isUnclean: true));

        for (var number = 0; number < partitions.Length; number++)
        {
            var record = (await store.PartitionAsync(MetadataCalls.Id(1), number)).Record;
            Assert.Equal(number % 3 == 0 ? (4, 9) : (5, 10), (record.LeaderEpoch, record.PartitionEpoch));
        }

        Assert.Equal(0, await store.CountAsync(MetadataKeys.UncleanStarts));
    }

    [Fact]
    public async Task A_clean_start_raises_nothing()
    {
        await using var store = MetadataCalls.Open();
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("orders", 1, 2));
        var revision = store.Revision;

        Assert.Equal(0, await new RaiseLeaderEpochs(store).RunAsync(7, isUnclean: false));
        Assert.Equal(revision, store.Revision);
    }

    /// <summary>The break: a raise that leaves no mark of having begun is not ended by a start that looks clean.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_raise_that_was_interrupted_is_ended_by_the_next_start_even_a_clean_one(bool isBroken)
    {
        var left = int.MaxValue;
        await using var store = MetadataCalls.Open(faults: new FactFaults { Outcome = _ => left-- > 0 ? InjectedOutcome.None : InjectedOutcome.UnknownLost });
        await using var broken = new TamperingStore(store, static sent => TamperingStore.Touches(sent, MetadataKeys.UncleanStarts) ? null : sent);
        var raise = new RaiseLeaderEpochs(isBroken ? broken : store);
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("orders", 1, 250));

        // The mark, and one batch of three, come through.
        left = isBroken ? 1 : 2;
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => raise.RunAsync(7, isUnclean: true));
        left = int.MaxValue;
        await raise.RunAsync(7, isUnclean: false);

        var epochs = (await store.ListAsync(MetadataKeys.Partitions)).Entries.Select(static entry => RecordCodec.Decode<PartitionRecord>(entry).LeaderEpoch).ToList();
        Assert.Equal(isBroken ? (0, 100, 150) : (100, 150, 0), (epochs.Count(static epoch => epoch == 2), epochs.Count(static epoch => epoch == 1), epochs.Count(static epoch => epoch == 0)));
        Assert.Equal(0, await raise.RunAsync(7, isUnclean: false));
    }
}
