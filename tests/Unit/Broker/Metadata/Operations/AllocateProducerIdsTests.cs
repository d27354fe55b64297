using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Broker.Metadata.Operations;

public class AllocateProducerIdsTests
{
    [Fact]
    public async Task Blocks_follow_each_other_also_over_a_crash()
    {
        var disk = new MemoryFileSystem();
        var store = MetadataCalls.Open(disk);
        var ids = new UuidSource(new Random(1));

        Assert.Equal(new ProducerIdBlock(0, 1000), await new AllocateProducerIds(store, ids).RunAsync(7));
        Assert.Equal(new ProducerIdBlock(1000, 1000), await new AllocateProducerIds(store, ids).RunAsync(7));
        await using var reopened = MetadataCalls.Open(disk.AfterCrash(new Random(1)));
        Assert.Equal(new ProducerIdBlock(2000, 1000), await new AllocateProducerIds(reopened, ids).RunAsync(8));
    }

    [Fact]
    public async Task The_last_ids_are_not_begun_again()
    {
        await using var store = MetadataCalls.Open();
        await store.PutAsync(MetadataKeys.ProducerIds, new ProducerIdsRecord(long.MaxValue - 1000, MetadataCalls.Id(1), 7));
        var allocate = new AllocateProducerIds(store, new UuidSource(new Random(1)));

        Assert.Equal(long.MaxValue - 1000, (await allocate.RunAsync(7)).First);
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => allocate.RunAsync(7));
        Assert.Contains($"{long.MaxValue}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callers_on_many_threads_get_blocks_of_their_own()
    {
        await using var store = LocalMetadataStore.Open(new MemoryFileSystem(), MetadataCalls.Folder, new Random(1));
        var ids = new UuidSource(new Random(1));

        var blocks = await Task.WhenAll(Enumerable.Range(0, 8).Select(node => Task.Run(async () =>
        {
            var mine = new List<long>();
            for (var i = 0; i < 25; i++) mine.Add((await new AllocateProducerIds(store, ids).RunAsync(node)).First);
            return mine;
        })));

        Assert.Equal(Enumerable.Range(0, 200).Select(static number => number * 1000L), blocks.SelectMany(static mine => mine).Order());
    }
}
