using System.Text;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Checkpoints;

public class LeaderEpochCacheTests
{
    private readonly MemoryFileSystem _disk = new();

    [Fact]
    public void The_end_of_an_epoch_is_the_start_of_the_next_known_one()
    {
        Assert.Equal(EpochEnd.Unknown, Filled().EndOffsetFor(0, 50));
        var cache = Filled((2, 10), (5, 20), (6, 40));

        Assert.Equal(EpochEnd.Unknown, cache.EndOffsetFor(-1, 50));
        Assert.Equal(new EpochEnd(0, 10), cache.EndOffsetFor(0, 50));
        Assert.Equal(new EpochEnd(2, 20), cache.EndOffsetFor(2, 50));
        Assert.Equal(new EpochEnd(2, 20), cache.EndOffsetFor(4, 50));
        Assert.Equal(new EpochEnd(5, 40), cache.EndOffsetFor(5, 50));
        Assert.Equal(new EpochEnd(6, 50), cache.EndOffsetFor(6, 50));
        Assert.Equal(EpochEnd.Unknown, cache.EndOffsetFor(7, 50));
    }

    [Fact]
    public void An_offset_belongs_to_the_last_epoch_that_began_before_it()
    {
        var cache = Filled((2, 10), (5, 20));

        Assert.Null(cache.EpochOf(9));
        Assert.Equal(2, cache.EpochOf(10));
        Assert.Equal(2, cache.EpochOf(19));
        Assert.Equal(5, cache.EpochOf(1000));
    }

    [Fact]
    public void An_epoch_is_on_disk_before_it_can_be_learnt()
    {
        var cache = Filled((1, 0));
        _disk.Fault = (operation, _) => operation == DiskOperation.Flush ? DiskFault.Failed : null;

        Assert.Throws<DiskException>(() => cache.Assign(2, 10));

        Assert.Equal([new EpochStart(1, 0)], cache.Entries);
        _disk.Fault = null;
        cache.Assign(2, 10);
        for (var seed = 0; seed < 20; seed++) Assert.Equal(cache.Entries, Reopened(seed).Entries);
    }

    [Fact]
    public void An_append_in_the_latest_epoch_costs_no_write()
    {
        var cache = Filled((1, 0));
        _disk.Fault = (_, _) => DiskFault.Failed;

        cache.Assign(1, 100);

        Assert.Equal([new EpochStart(1, 0)], cache.Entries);
    }

    /// <summary>Otherwise the offsets that are appended would, after a crash, be taken for those of the epoch cut off.</summary>
    [Fact]
    public void An_append_behind_a_truncation_first_brings_the_file_up_to_date()
    {
        var cache = Filled((1, 0), (2, 10));
        cache.TruncateFromEnd(10);
        Assert.Equal(2, Reopened(0).Entries.Count);

        cache.Assign(1, 5);

        Assert.Equal([new EpochStart(1, 0)], Reopened(0).Entries);
    }

    [Fact]
    public void The_log_start_moves_the_start_of_its_epoch()
    {
        var cache = Filled((1, 0), (2, 10), (3, 20));

        cache.TruncateFromStart(15);

        Assert.Equal([new EpochStart(2, 15), new EpochStart(3, 20)], cache.Entries);
        cache.Save();
        Assert.Equal(cache.Entries, Reopened(0).Entries);
    }

    [Fact]
    public void Entries_that_a_new_one_contradicts_go()
    {
        var cache = Filled((1, 0), (4, 10), (6, 20));

        cache.Assign(5, 15);

        Assert.Equal([new EpochStart(1, 0), new EpochStart(4, 10), new EpochStart(5, 15)], cache.Entries);
    }

    [Theory]
    [InlineData("0\n2\n1 0\n1 5\n", "f, line 4: expected an epoch above 1, found '1'")]
    [InlineData("0\n2\n1 7\n2 7\n", "f, line 4: expected an offset above 7, found '7'")]
    [InlineData("0\n1\n-1 7\n", "f, line 3: expected an epoch, found '-1'")]
    [InlineData("0\n1\n1\n", "f, line 3: expected epoch and offset, found '1'")]
    public void A_damaged_file_is_refused_with_its_line_and_value(string text, string expected)
    {
        var damaged = Assert.Throws<DamagedFileException>(() => LeaderEpochCheckpoint.Parse(Encoding.UTF8.GetBytes(text), "f"));

        Assert.StartsWith(expected + "; ", damaged.Message, StringComparison.Ordinal);
    }

    private LeaderEpochCache Filled(params (int Epoch, long Offset)[] entries)
    {
        var cache = new LeaderEpochCache(new LeaderEpochCheckpoint(_disk, LeaderEpochCheckpoint.FileName));
        foreach (var (epoch, offset) in entries) cache.Assign(epoch, offset);
        return cache;
    }

    private LeaderEpochCache Reopened(int seed) =>
        new(new LeaderEpochCheckpoint(_disk.AfterCrash(new Random(seed)), LeaderEpochCheckpoint.FileName));
}
