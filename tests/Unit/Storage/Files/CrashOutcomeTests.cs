using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Files;

/// <summary>What a crash may do, and over some seeds does: a simulation that never sees it would prove nothing.</summary>
public class CrashOutcomeTests
{
    private const int Sector = 512;

    [Fact]
    public void A_write_that_was_not_flushed_is_found_whole_lost_torn_at_sectors_or_as_zeros()
    {
        var disk = new MemoryFileSystem();
        using var file = Crashes.Durable(disk, "a", Crashes.Filled(Sector + 100, 1));
        file.Write(Sector + 100, Crashes.Filled(8 * Sector, 2));

        var outcomes = Crashes.Outcomes(disk, after =>
        {
            var found = Crashes.BytesOf(after, "a");
            Assert.Equal(Crashes.Filled(Sector + 100, 1), found[..(Sector + 100)]);
            return Judge(found.AsSpan(Sector + 100));
        });

        Assert.Equal(["lost", "torn", "whole", "zeros"], outcomes.Order());
    }

    [Fact]
    public void Writes_to_two_files_reach_the_disk_in_either_order()
    {
        var disk = new MemoryFileSystem();
        using var first = Crashes.Durable(disk, "first", []);
        using var second = Crashes.Durable(disk, "second", []);
        first.Write(0, [1]);
        second.Write(0, [2]);

        var seen = Crashes.Outcomes(disk, after => (Crashes.Bytes(after, "first") is [1], Crashes.Bytes(after, "second") is [2]));

        Assert.Equal(4, seen.Count);
    }

    [Fact]
    public void A_file_whose_folder_was_not_flushed_may_be_gone_though_its_bytes_were()
    {
        var disk = new MemoryFileSystem();
        using var file = disk.Open("a", OpenMode.New);
        file.Write(0, [1]);
        file.Flush();

        var seen = Crashes.Outcomes(disk, after => Crashes.Bytes(after, "a") is { } bytes ? bytes.Length : -1);

        Assert.Equal([-1, 1], seen.Order());
    }

    [Fact]
    public void A_folder_whose_parent_was_not_flushed_may_be_gone_with_all_it_holds()
    {
        var disk = new MemoryFileSystem();
        disk.CreateFolder("t-0");
        using var file = disk.Open("t-0/a", OpenMode.New);
        file.Write(0, [1]);
        file.Flush();
        disk.FlushFolder("t-0");

        Assert.Equal([false, true], Crashes.Outcomes(disk, after => after.FileExists("t-0/a")).Order());
        disk.FlushFolder("");
        Assert.Equal([true], Crashes.Outcomes(disk, after => after.FileExists("t-0/a")));
    }

    [Fact]
    public void A_rename_is_one_step_and_until_its_folder_is_flushed_either_of_two()
    {
        var disk = new MemoryFileSystem();
        using var old = Crashes.Durable(disk, "checkpoint", [1]);
        using var next = Crashes.Durable(disk, "checkpoint.tmp", [2]);
        disk.Rename("checkpoint.tmp", "checkpoint");

        var seen = Crashes.Outcomes(disk, after => ((int)Crashes.BytesOf(after, "checkpoint")[0], after.FileExists("checkpoint.tmp")));

        Assert.Equal([(1, true), (2, false)], seen.Order());
        disk.FlushFolder("");
        Assert.Equal([(2, false)], Crashes.Outcomes(disk, after => ((int)Crashes.BytesOf(after, "checkpoint")[0], after.FileExists("checkpoint.tmp"))));
    }

    [Fact]
    public void A_delete_that_was_not_flushed_may_be_undone_with_the_bytes_that_were_durable()
    {
        var disk = new MemoryFileSystem();
        Crashes.Durable(disk, "a", [1]).Dispose();
        disk.DeleteFile("a");

        var seen = Crashes.Outcomes(disk, after => Crashes.Bytes(after, "a") is [1]);

        Assert.Equal([false, true], seen.Order());
    }

    [Fact]
    public void A_cut_is_undone_or_in_force_and_in_force_nothing_behind_it_comes_back()
    {
        var disk = new MemoryFileSystem();
        using var file = Crashes.Durable(disk, "a", Crashes.Filled(4 * Sector, 1));
        file.SetLength(Sector);
        file.Write(Sector, Crashes.Filled(3 * Sector, 2));

        var mixed = Crashes.Outcomes(disk, after =>
        {
            var bytes = Crashes.BytesOf(after, "a");
            return bytes.AsSpan(Sector).Contains((byte)1) && bytes.Contains((byte)2);
        });
        var lengths = Crashes.Outcomes(disk, after => Crashes.BytesOf(after, "a").Length);

        Assert.Equal([false], mixed);
        Assert.Equal([Sector, 4 * Sector], lengths.Order());
    }

    [Fact]
    public void Flushing_the_disk_makes_all_of_it_durable()
    {
        var disk = new MemoryFileSystem();
        disk.CreateFolder("x/y");
        for (var i = 0; i < 5; i++)
        {
            using var file = disk.Open("x/y/" + i, OpenMode.New);
            file.Write(0, [(byte)i]);
        }

        disk.Rename("x/y/0", "x/y/5");
        disk.DeleteFile("x/y/1");
        Assert.True(disk.TryFlushDisk("x"));

        Assert.Equal(["2,3,4,5"], Crashes.Outcomes(disk, after => string.Join(',', after.List("x/y").Select(entry => entry.Name).Order())));
        Assert.Equal([0], Crashes.Outcomes(disk, after => (int)Crashes.BytesOf(after, "x/y/5")[0]));
    }

    private static string Judge(ReadOnlySpan<byte> tail)
    {
        if (tail.Length == 0) return "lost";
        if (tail.Length < 8 * Sector) return "a length nobody set";
        if (!tail.ContainsAnyExcept((byte)0)) return "zeros";
        if (!tail.ContainsAnyExcept((byte)2)) return "whole";
        for (var start = 0; start < tail.Length;)
        {
            // The first sector holds flushed bytes as well.
            var end = Math.Min(tail.Length, start == 0 ? Sector - 100 : start + Sector);
            if (tail[start..end].ContainsAnyExcept(tail[start])) return "torn within a sector";
            start = end;
        }

        return "torn";
    }
}
