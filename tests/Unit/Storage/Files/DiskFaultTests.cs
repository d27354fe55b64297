using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Files;

/// <summary>What simulations can do to a disk in memory besides crashing it: faults, a power that goes, no room.</summary>
public class DiskFaultTests
{
    private const int WorkSteps = 6;

    [Fact]
    public void What_a_failed_flush_lost_is_lost_though_a_later_one_succeeds()
    {
        var disk = new MemoryFileSystem();
        using var file = Crashes.Durable(disk, "a", [1]);
        file.Write(1, [2]);
        disk.Fault = static (operation, _) => operation == DiskOperation.Flush ? DiskFault.Failed : null;
        TestDisk.Refused(DiskFault.Failed, "a", file.Flush);
        disk.Fault = null;
        file.Write(2, [3]);
        file.Flush();

        Assert.Equal([1, 2, 3], TestDisk.ReadAll(file));
        Assert.Equal(["1,0,3"], Crashes.Outcomes(disk, after => string.Join(',', Crashes.BytesOf(after, "a"))));
    }

    [Fact]
    public void A_failed_flush_of_the_disk_loses_what_was_pending_in_every_file_and_leaves_names_in_doubt()
    {
        var disk = new MemoryFileSystem();
        using var file = Crashes.Durable(disk, "a", [1]);
        file.Write(1, [2]);
        disk.Open("b", OpenMode.New).Dispose();
        disk.Fault = static (operation, _) => operation == DiskOperation.FlushDisk ? DiskFault.Failed : null;
        TestDisk.Refused(DiskFault.Failed, "", () => disk.TryFlushDisk(""));
        disk.Fault = null;
        Assert.Equal([false, true], Crashes.Outcomes(disk, static after => after.FileExists("b")).Order());

        Assert.True(disk.TryFlushDisk(""));

        Assert.Equal([("1", true)], Crashes.Outcomes(disk, after => (string.Join(',', Crashes.BytesOf(after, "a")), after.FileExists("b"))));
    }

    [Fact]
    public void The_hook_fails_the_nth_operation_and_no_other()
    {
        for (var n = 1; n <= WorkSteps; n++)
        {
            var disk = new MemoryFileSystem();
            using var file = Prepare(disk);
            var before = disk.Operations;
            disk.Fault = (_, _) => disk.Operations == before + n ? DiskFault.Denied : null;

            Assert.Equal([n], Work(disk, file));
            Assert.Equal(before + WorkSteps, disk.Operations);
        }
    }

    [Fact]
    public void When_the_power_goes_each_later_operation_fails_and_changes_nothing()
    {
        for (var n = 0; n <= WorkSteps; n++)
        {
            var disk = new MemoryFileSystem();
            using var file = Prepare(disk);
            disk.StopsAfter = disk.Operations + n;

            Assert.Equal(Enumerable.Range(n + 1, WorkSteps - n), Work(disk, file));
            Assert.Equal(n == WorkSteps, Crashes.Outcomes(disk, after => after.FileExists("x/b")).SetEquals([true]));
        }
    }

    [Fact]
    public void A_flush_that_the_power_cut_short_leaves_in_doubt_what_was_pending()
    {
        var disk = new MemoryFileSystem();
        using var file = Crashes.Durable(disk, "a", [1]);
        file.Write(1, [2]);
        disk.StopsAfter = disk.Operations;

        TestDisk.Refused(DiskFault.Failed, "a", file.Flush);

        Assert.Contains("1,2", Crashes.Outcomes(disk, after => string.Join(',', Crashes.BytesOf(after, "a"))));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_full_disk_takes_what_fits_and_has_room_again_after_a_delete(bool keepsHistory)
    {
        var disk = new MemoryFileSystem(keepsHistory) { Capacity = 1000 };
        using var a = disk.Open("a", OpenMode.New);
        a.Write(0, new byte[600]);
        using var b = disk.Open("b", OpenMode.New);

        TestDisk.Refused(DiskFault.Full, "b", () => b.Write(0, Crashes.Filled(500, 7)));
        Assert.Equal(Crashes.Filled(400, 7), TestDisk.ReadAll(b));
        Assert.Equal(0, disk.FreeSpace(""));
        b.Write(0, new byte[400]);
        TestDisk.Refused(DiskFault.Full, "b", () => b.SetLength(401));
        TestDisk.Refused(DiskFault.Full, "b", () => b.Write(700, [1]));

        disk.DeleteFile("a");
        Assert.Equal(0, disk.FreeSpace(""));
        a.Dispose();
        Assert.Equal(600, disk.FreeSpace(""));
        b.Write(400, new byte[600]);
        b.SetLength(10);
        Assert.Equal(990, disk.FreeSpace(""));
    }

    [Fact]
    public void A_file_that_is_replaced_gives_its_room_back_and_a_crash_keeps_the_count()
    {
        var disk = new MemoryFileSystem { Capacity = 100 };
        Crashes.Durable(disk, "a", new byte[60]).Dispose();
        Crashes.Durable(disk, "b", new byte[40]).Dispose();

        disk.Rename("b", "a");
        disk.FlushFolder("");

        Assert.Equal(60, disk.FreeSpace(""));
        Assert.Equal([60L], Crashes.Outcomes(disk, after => after.FreeSpace("")));
    }

    [Fact]
    public void A_disk_without_history_says_so_when_it_is_to_be_crashed()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => new MemoryFileSystem(keepsHistory: false).AfterCrash(new Random(1)));

        Assert.Contains("keepsHistory", refusal.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Many_threads_may_use_one_disk(bool keepsHistory)
    {
        var disk = new MemoryFileSystem(keepsHistory) { Capacity = 4 * 200 * 100 };
        var threads = new Task[4];
        for (var thread = 0; thread < threads.Length; thread++)
        {
            var name = "f" + thread;
            threads[thread] = Task.Run(() =>
            {
                using var file = disk.Open(name, OpenMode.New);
                for (var i = 0; i < 200; i++)
                {
                    file.Write(i * 100, new byte[100]);
                    file.Flush();
                    Assert.Equal(100, file.Read(i * 100, new byte[100]));
                    disk.List("");
                }
            }, TestContext.Current.CancellationToken);
        }

        await Task.WhenAll(threads).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(0, disk.FreeSpace(""));
        Assert.Equal(4 * (1 + 200 * 2), disk.Operations);
    }

    private static IFile Prepare(MemoryFileSystem disk)
    {
        disk.CreateFolder("x");
        var file = disk.Open("x/a", OpenMode.New);
        disk.TryFlushDisk("");
        return file;
    }

    /// <summary>So many operations, each tried whatever became of the others.</summary>
    /// <returns>The numbers of those that failed.</returns>
    private static List<int> Work(MemoryFileSystem disk, IFile file)
    {
        var failed = new List<int>();
        Action[] steps =
        [
            () => file.Write(0, [1]),
            () => file.SetLength(5),
            file.Flush,
            () => disk.Open("x/new", OpenMode.New).Dispose(),
            () => disk.Rename("x/a", "x/b"),
            () => disk.FlushFolder("x"),
        ];
        Assert.Equal(WorkSteps, steps.Length);
        for (var i = 0; i < steps.Length; i++)
        {
            try
            {
                steps[i]();
            }
            catch (DiskException)
            {
                failed.Add(i + 1);
            }
        }

        return failed;
    }
}
