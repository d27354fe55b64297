using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Indexes;
using Xunit;

namespace Moldau.Unit.Storage.Indexes;

public class TimeIndexTests
{
    private const long Base = 1000;
    private const string Path = "00000000000000001000.timeindex";

    [Fact]
    public void A_lookup_finds_the_greatest_timestamp_not_above_the_one_asked_for()
    {
        var index = new TimeIndex(Base);
        Assert.Equal(new TimestampOffset(-1, Base), index.Lookup(long.MaxValue));
        Assert.True(index.Add(500, 1003));
        Assert.False(index.Add(500, 1009));
        Assert.True(index.Add(900, 1010));

        Assert.Equal(new TimestampOffset(-1, Base), index.Lookup(499));
        Assert.Equal(new TimestampOffset(500, 1003), index.Lookup(500));
        Assert.Equal(new TimestampOffset(500, 1003), index.Lookup(899));
        Assert.Equal(new TimestampOffset(900, 1010), index.Lookup(long.MaxValue));
        Assert.Equal(new TimestampOffset(900, 1010), index.Last);
    }

    [Fact]
    public void What_is_saved_is_read_without_a_preallocated_tail()
    {
        var disk = new MemoryFileSystem();
        using var file = disk.Open(Path, OpenMode.New);
        var index = new TimeIndex(Base);
        index.Add(0x100, Base);
        index.Add(0x200, 1256);
        index.Add(0x300, 1300);
        index.TruncateTo(1300);
        index.SaveTo(file);
        file.SetLength(12_000);

        var read = TimeIndex.Read(file, Base);

        Assert.Equal(2, read.Count);
        Assert.Equal(index.Last, read.Last);
    }

    [Fact]
    public void One_entry_of_zeros_is_a_timestamp_and_many_are_a_tail()
    {
        Assert.Equal(new TimestampOffset(0, Base), TimeIndex.Parse(new byte[12], Path, Base).Last);
        Assert.Equal(0, TimeIndex.Parse(new byte[1200], Path, Base).Count);
    }

    [Theory]
    [InlineData("0000000000000001 000000", "byte 0: expected an entry of 12 bytes or the end of the file, found 11 bytes")]
    [InlineData("0000000000000005 00000001 0000000000000005 00000002", "byte 12: expected a timestamp above 5, found 5")]
    [InlineData("0000000000000005 00000002 0000000000000006 00000001", "byte 20: expected a relative offset not below 2, found 1")]
    [InlineData("FFFFFFFFFFFFFFFF 00000002", "byte 0: expected a timestamp above -1, found -1")]
    [InlineData("0000000000000005 80000000", "byte 8: expected a relative offset not below 0, found -2147483648")]
    public void A_damaged_file_is_refused_with_its_byte_and_value(string hex, string expected)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        var damaged = Assert.Throws<DamagedFileException>(() => TimeIndex.Parse(bytes, Path, Base));

        Assert.StartsWith($"{Path}, {expected}; ", damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_that_does_not_follow_is_refused()
    {
        var index = new TimeIndex(Base);
        index.Add(500, 1003);

        Assert.Throws<ArgumentOutOfRangeException>(() => index.Add(499, 1004));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Add(501, 1002));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Add(501, Base + int.MaxValue + 1L));
    }
}
