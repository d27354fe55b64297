using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Indexes;
using Xunit;

namespace Moldau.Unit.Storage.Indexes;

public class OffsetIndexTests
{
    private const long Base = 1000;
    private const string Path = "00000000000000001000.index";

    private readonly MemoryFileSystem _disk = new();

    [Fact]
    public void A_lookup_finds_the_greatest_entry_not_above_the_offset()
    {
        var random = new Random(7);
        var index = new OffsetIndex(Base);
        var entries = new List<OffsetPosition> { new(Base, 0) };
        for (var (offset, position) = (Base, 0); entries.Count < 500;)
        {
            offset += 1 + random.Next(50);
            position += 1 + random.Next(5000);
            index.Add(offset, position);
            entries.Add(new OffsetPosition(offset, position));
        }

        for (var offset = Base - 10; offset < entries[^1].Offset + 10; offset++)
            Assert.Equal(entries.LastOrDefault(entry => entry.Offset <= offset, entries[0]), index.Lookup(offset));
        Assert.Equal(entries[^1], index.Lookup(long.MaxValue));
        Assert.Equal(entries[0], index.Lookup(long.MinValue + Base));
    }

    [Fact]
    public void The_file_gets_what_it_does_not_have_and_loses_what_it_should_not()
    {
        using var file = _disk.Open(Path, OpenMode.New);
        var index = new OffsetIndex(Base);
        index.Add(1010, 100);
        index.Add(1020, 200);
        index.SaveTo(file);
        index.Add(1030, 300);
        index.SaveTo(file);
        Assert.Equal(24, file.Length);
        Assert.Equal(index.Length, file.Length);

        index.TruncateTo(1020);
        index.Add(1025, 250);
        index.SaveTo(file);

        Assert.Equal(16, file.Length);
        var read = OffsetIndex.Read(file, Base, 1000);
        Assert.Equal(new OffsetPosition(1010, 100), read.Lookup(1024));
        Assert.Equal(new OffsetPosition(1025, 250), read.Last);
    }

    [Fact]
    public void A_write_that_failed_half_way_is_written_again()
    {
        using var file = _disk.Open(Path, OpenMode.New);
        var index = new OffsetIndex(Base);
        for (var i = 1; i <= 10; i++) index.Add(Base + i, i * 100);
        _disk.Capacity = 44;
        Assert.Throws<DiskException>(() => index.SaveTo(file));
        Assert.Equal(44, file.Length);

        _disk.Capacity = 1000;
        index.SaveTo(file);

        Assert.Equal(10, OffsetIndex.Read(file, Base, 10_000).Count);
    }

    [Fact]
    public void A_preallocated_tail_is_no_entry_and_goes_with_the_next_save()
    {
        using var file = _disk.Open(Path, OpenMode.New);
        var index = new OffsetIndex(Base);
        index.Add(1256, 256);
        index.SaveTo(file);
        file.SetLength(10_240);

        var read = OffsetIndex.Read(file, Base, 1000);
        Assert.Equal(1, read.Count);
        read.Add(1300, 512);
        read.SaveTo(file);

        Assert.Equal(16, file.Length);
        Assert.Equal(0, OffsetIndex.Parse(new byte[800], Path, Base, 0).Count);
    }

    [Theory]
    [InlineData("00000001", "byte 0: expected an entry of 8 bytes or the end of the file, found 4 bytes")]
    [InlineData("0000000100000010 0000000100000020", "byte 8: expected a relative offset above 1, found 1")]
    [InlineData("0000000100000010 0000000200000010", "byte 12: expected a position above 16 and below the segment's length 1000, found 16")]
    [InlineData("00000001000003E8", "byte 4: expected a position above -1 and below the segment's length 1000, found 1000")]
    [InlineData("FFFFFFFF00000010", "byte 0: expected a relative offset above -1, found -1")]
    [InlineData("0000000000000000 0000000000000000 0000000100000010", "byte 8: expected a relative offset above 0, found 0")]
    public void A_damaged_file_is_refused_with_its_byte_and_value(string hex, string expected)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        var damaged = Assert.Throws<DamagedFileException>(() => OffsetIndex.Parse(bytes, Path, Base, 1000));

        Assert.Equal($"{Path}, {expected}; delete the file: the index is then built again from its segment", damaged.Message);
    }

    [Fact]
    public void An_entry_that_does_not_follow_is_refused_and_changes_nothing()
    {
        var index = new OffsetIndex(Base);
        index.Add(1010, 100);

        Assert.Throws<ArgumentOutOfRangeException>(() => index.Add(1010, 200));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Add(1011, 100));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Add(Base + int.MaxValue + 1L, 200));

        Assert.True(index.CanHold(Base + int.MaxValue));
        Assert.False(index.CanHold(Base + int.MaxValue + 1L));
        Assert.False(index.CanHold(Base - 1));
        Assert.Equal(new OffsetPosition(1010, 100), index.Last);
    }

    [Fact]
    public async Task Readers_see_whole_entries_while_one_adds_and_truncates()
    {
        var index = new OffsetIndex(0);
        var done = false;
        var reader = Task.Run(
            () =>
            {
                var random = new Random(1);
                while (!Volatile.Read(ref done))
                {
                    var wanted = random.Next(1, 20_000);
                    var (offset, position) = index.Lookup(wanted);
                    Assert.True(offset <= wanted && position % 20_011 == offset, $"{offset} at {position}");
                }
            },
            TestContext.Current.CancellationToken);

        for (var round = 0; round < 20; round++)
        {
            // Each round has other positions for the same offsets.
            for (var i = 1; i <= 2000; i++) index.Add(i * 10, i * 10 + (i + round) * 20_011);
            index.TruncateTo(round * 7);
            index.TruncateTo(0);
        }

        Volatile.Write(ref done, true);
        await reader;
    }
}
