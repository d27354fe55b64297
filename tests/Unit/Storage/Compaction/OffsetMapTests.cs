using Moldau.Storage.Compaction;
using Xunit;

namespace Moldau.Unit.Storage.Compaction;

public class OffsetMapTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(1)]
    public void It_is_a_dictionary_up_to_its_last_key(double load)
    {
        var chance = new Random(5);
        var map = new OffsetMap(5000 * OffsetMap.EntrySize, load, chance);
        for (var pass = 0; pass < 4; pass++)
        {
            map.Begin(long.MaxValue / 2);
            var model = new Dictionary<string, long>();
            for (var offset = 0L; !map.IsFull; offset += chance.Next(1, 4))
            {
                var key = Key(chance.Next(9000));
                map.Put(map.Hash(key), offset);
                model[Convert.ToHexString(key)] = offset;
            }

            Assert.Equal(map.Limit, map.Count);
            Assert.Equal(model.Count, map.Count);
            for (var i = 0; i < 9000; i++) Assert.Equal(model.GetValueOrDefault(Convert.ToHexString(Key(i)), -1), map.Find(map.Hash(Key(i))));
        }
    }

    [Fact]
    public void A_key_that_is_there_can_move_on_though_the_map_is_full_and_another_cannot_come()
    {
        var map = new OffsetMap(16 * OffsetMap.EntrySize, 0.5, new Random(1));
        map.Begin(1000);
        for (var i = 0; i < map.Limit; i++) map.Put(map.Hash(Key(i)), i);

        map.Put(map.Hash(Key(3)), 77);

        Assert.True(map.IsFull);
        Assert.Equal(77, map.Find(map.Hash(Key(3))));
        Assert.Throws<InvalidOperationException>(() => map.Put(map.Hash(Key(1000)), 78));
    }

    [Fact]
    public void It_takes_no_more_memory_than_a_pass_can_need_nor_than_it_may()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var map = new OffsetMap(64 << 20, 0.9, new Random(1));
        map.Begin(100);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 20_000);
        Assert.InRange(map.Limit, 100, 120);

        map.Begin(long.MaxValue / 2);
        Assert.Equal((int)((64 << 20) / OffsetMap.EntrySize * 0.9), map.Limit);
        before = GC.GetAllocatedBytesForCurrentThread();
        map.Begin(1 << 20);
        for (var i = 0; i < 10_000; i++)
        {
            map.Put(map.Hash("a key"u8), i);
            map.Find(map.Hash("another"u8));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void What_a_pass_knew_the_next_one_does_not()
    {
        var map = new OffsetMap(1000 * OffsetMap.EntrySize, 0.9, new Random(1));
        map.Begin(500);
        map.Put(map.Hash("key"u8), 4);
        map.Cover(9);

        map.Begin(500);

        Assert.Equal((-1, 0, -1), (map.Find(map.Hash("key"u8)), map.Count, map.LatestOffset));
    }

    private static byte[] Key(int number) => [.. BitConverter.GetBytes(number), .. new byte[number % 13]];
}
