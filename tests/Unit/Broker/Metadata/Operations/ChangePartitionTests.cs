using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Operations;
using Xunit;

namespace Moldau.Unit.Broker.Metadata.Operations;

public class ChangePartitionTests
{
    [Fact]
    public async Task A_partition_changes_from_the_state_the_proposal_was_made_for_and_from_no_other()
    {
        await using var store = MetadataCalls.Open();
        var topic = MetadataCalls.Id(1);
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("orders", 1) with { Partitions = [MetadataCalls.Partition(7, 0, 0, 7, 8)] });
        var first = await store.PartitionAsync(topic, 0);
        var change = new ChangePartition(store);

        var shrunk = Assert.IsType<PartitionChange.Changed>(await change.RunAsync(topic, 0, first, first.Record with { Isr = [7], PartitionEpoch = 99 })).State;
        Assert.Equal((1, 3L), (shrunk.Record.PartitionEpoch, shrunk.Revision));
        Assert.Equal([7], (await store.PartitionAsync(topic, 0)).Record.Isr);

        var late = Assert.IsType<PartitionChange.Overtaken>(await change.RunAsync(topic, 0, first, first.Record with { Leader = 8, LeaderEpoch = 1 }));
        Assert.Equal((1, 7, 3L), (late.Current!.Record.PartitionEpoch, late.Current.Record.Leader, late.Current.Revision));

        await store.DeleteAsync(MetadataKeys.Partition(topic, 0));
        Assert.Equal(new PartitionChange.Overtaken(null), await change.RunAsync(topic, 0, shrunk, shrunk.Record));
    }

    [Fact]
    public async Task A_leader_epoch_does_not_go_back()
    {
        await using var store = MetadataCalls.Open();
        var from = new Moldau.Broker.Metadata.Records.Stored<Moldau.Broker.Metadata.Records.PartitionRecord>(MetadataCalls.Partition(7, 3, 0, 7), 1);

        await Assert.ThrowsAsync<ArgumentException>(() => new ChangePartition(store).RunAsync(MetadataCalls.Id(1), 0, from, from.Record with { LeaderEpoch = 2 }));
    }
}
