using System.Text;
using Moldau.Client.Producing;
using Xunit;

namespace Moldau.Unit.Client.Producing;

public class PartitionerTests
{
    [Theory]
    [InlineData("123456789", 0xCBF43926)]
    [InlineData("", 0)]
    [InlineData("a", 0xE8B7BE43)]
    public void The_checksum_is_that_of_zip(string text, uint sum) => Assert.Equal(sum, Crc32.Of(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Keys_decide_and_records_without_one_go_anywhere()
    {
        Assert.Equal((int)(0xCBF43926 % 7), Partitioner.Crc32.Choose("t", "123456789"u8.ToArray(), 7));
        Assert.Equal(Partitioner.Anywhere, Partitioner.Crc32.Choose("t", default, 7));
        Assert.Equal(Partitioner.Anywhere, Partitioner.Crc32.Choose("t", Array.Empty<byte>(), 7));
        Assert.Equal(Partitioner.Anywhere, Partitioner.Murmur2.Choose("t", default, 7));
        Assert.NotEqual(Partitioner.Anywhere, Partitioner.Murmur2.Choose("t", Array.Empty<byte>(), 7));
        Assert.Equal(3, Partitioner.By(static (topic, key, partitions) => topic.Length + key.Length + partitions - 7).Choose("ab", "x"u8.ToArray(), 7));
    }

    [Fact]
    public void What_waits_less_is_drawn_more_and_what_is_stuck_not_at_all()
    {
        var weights = new int[4];

        Assert.Equal(4 + 1 + 3, StickyPartition.Weigh([0, 3, -1, 1], weights));
        Assert.Equal([4, 1, 0, 3], weights);
        Assert.Equal([0, 0, 0, 0, 1, 3, 3, 3], Enumerable.Range(0, 8).Select(number => StickyPartition.PlaceOf(weights, number)));
        Assert.Equal(2, StickyPartition.Weigh([-1, -1], weights));
        Assert.Equal([1, 1], weights[..2]);
    }
}
