using Moldau.Protocol.Primitives;
using Moldau.Storage.Folders;
using Xunit;

namespace Moldau.Unit.Storage.Folders;

public class FolderNameTests
{
    private static readonly Uuid s_id = new(0x0011223344556677, 0x8899aabbccddeeff);

    [Theory]
    [InlineData("orders-0", "orders", 0)]
    [InlineData("a-b-17", "a-b", 17)]
    [InlineData("__consumer_offsets-49", "__consumer_offsets", 49)]
    public void A_partition_s_folder_is_called_like_it(string folder, string topic, int partition)
    {
        Assert.True(PartitionName.TryParse(folder, out var name));
        Assert.Equal((topic, partition), (name.Topic, name.Partition));
        Assert.Equal(folder, name.ToString());
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("-0")]
    [InlineData("orders-")]
    [InlineData("orders-01")]
    [InlineData("orders-+1")]
    [InlineData("orders-2147483648")]
    [InlineData("or ders-1")]
    [InlineData("orders-0.0011-delete")]
    [InlineData("lost+found")]
    public void Other_names_are_nobody_s(string folder) => Assert.False(PartitionName.TryParse(folder, out _));

    [Fact]
    public void A_leaving_folder_is_called_as_Kafka_calls_it()
    {
        Assert.Equal("orders.eu-3.00112233445566778899aabbccddeeff-delete", LeavingName.ForDeletion(new PartitionName("orders.eu", 3), s_id));
        Assert.Equal("orders.eu-3.00112233445566778899aabbccddeeff-stray", LeavingName.ForStray(new PartitionName("orders.eu", 3), s_id));
        Assert.True(LeavingName.TryParse("orders.eu-3.00112233445566778899aabbccddeeff-delete", out var name));
        Assert.True(name.Fits(new PartitionName("orders.eu", 3)));
        Assert.False(name.Fits(new PartitionName("orders.eu", 4)));
        Assert.False(name.Fits(new PartitionName("orders.eus", 3)));
    }

    [Fact]
    public void A_name_that_would_be_too_long_is_cut_and_still_known()
    {
        var name = new PartitionName(new string('t', 249), 123);
        var leaving = LeavingName.ForDeletion(name, s_id);

        Assert.Equal(255, leaving.Length);
        Assert.True(LeavingName.TryParse(leaving, out var parsed));
        Assert.True(parsed.Fits(name));
        Assert.False(parsed.Fits(new PartitionName("other", 123)));
    }

    [Theory]
    [InlineData("orders-3-delete")]
    [InlineData("orders-3.-delete")]
    [InlineData("orders.00-delete")]
    [InlineData("orders-3.00-stray")]
    public void What_only_looks_like_a_leaving_folder_is_left_alone(string folder) => Assert.False(LeavingName.TryParse(folder, out _));

    [Fact]
    public void Drawn_ids_are_none_that_Kafka_keeps_for_itself()
    {
        var chance = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var id = RandomId.Next(chance);
            Assert.False(id.IsZero);
            Assert.NotEqual('-', id.ToString()[0]);
        }
    }
}
