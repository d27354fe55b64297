using System.Text;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Checkpoints;

public class AtomicFileTests
{
    private const string Path = "data/recovery-point";
    private const int Seeds = 40;

    // Longer than a sector and of different lengths, so that a mixture of the two is neither.
    private static readonly byte[] Old = Encoding.ASCII.GetBytes(new string('o', 1700));
    private static readonly byte[] New = Encoding.ASCII.GetBytes(new string('n', 2900));

    [Fact]
    public void After_a_crash_at_any_moment_the_file_is_the_old_or_the_new_one() =>
        Assert.Empty(CrashFaults(disk => disk));

    /// <summary>The break: what the crash test stands on must notice a flush that was left out.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_disk_that_does_not_flush_is_reported(bool skipsFiles, bool skipsFolders) =>
        Assert.NotEmpty(CrashFaults(disk => new UnflushedDisk(disk, skipsFiles, skipsFolders)));

    [Fact]
    public void The_leftover_of_a_replacement_that_failed_does_not_stop_the_next()
    {
        var disk = new MemoryFileSystem();
        DurableFolder.Ensure(disk, "data");
        var file = new AtomicFile(disk, Path);
        file.Replace(Old);
        disk.Fault = (operation, _) => operation == DiskOperation.Flush ? DiskFault.Failed : null;
        Assert.Throws<DiskException>(() => file.Replace(New));
        Assert.Equal(Old, file.Read());
        disk.Fault = null;

        file.Replace(New);

        Assert.Equal(New, new AtomicFile(disk.AfterCrash(new Random(1)), Path).Read());
        Assert.Single(disk.List("data"));
    }

    [Fact]
    public void A_full_disk_leaves_the_old_file()
    {
        var disk = new MemoryFileSystem();
        DurableFolder.Ensure(disk, "data");
        var file = new AtomicFile(disk, Path);
        file.Replace(Old);
        disk.Capacity = Old.Length + 100;

        var full = Assert.Throws<DiskException>(() => file.Replace(New));

        Assert.Equal(DiskFault.Full, full.Fault);
        Assert.Equal(Old, file.Read());
    }

    [Fact]
    public void A_deleted_file_does_not_come_back_after_a_crash()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var disk = new MemoryFileSystem();
            DurableFolder.Ensure(disk, "data");
            var file = new AtomicFile(disk, Path);
            file.Replace(Old);
            file.Delete();
            file.Delete();
            Assert.Null(new AtomicFile(disk.AfterCrash(new Random(seed)), Path).Read());
        }
    }

    [Fact]
    public void On_the_real_disk_a_file_is_replaced_and_deleted()
    {
        var folder = Directory.CreateTempSubdirectory("moldau-atomic-");
        try
        {
            var file = new AtomicFile(new DiskFileSystem(), System.IO.Path.Combine(folder.FullName, "checkpoint"));
            Assert.Null(file.Read());
            file.Replace(New);
            file.Replace(Old);
            Assert.Equal(Old, file.Read());
            Assert.Single(folder.GetFiles());
            file.Delete();
            Assert.Empty(folder.GetFiles());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Stops a replacement at each of its operations in turn, and looks at what a crash there leaves.</summary>
    private static List<string> CrashFaults(Func<MemoryFileSystem, IFileSystem> disk)
    {
        var faults = new List<string>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            foreach (var before in new byte[]?[] { null, Old })
            {
                var (stop, finished) = (0, false);
                for (; !finished; stop++)
                {
                    var memory = new MemoryFileSystem();
                    DurableFolder.Ensure(memory, "data");
                    if (before is not null) new AtomicFile(memory, Path).Replace(before);
                    var left = stop;
                    memory.Fault = (_, _) => left-- == 0 ? DiskFault.Failed : null;
                    finished = TryReplace(new AtomicFile(disk(memory), Path));
                    memory.Fault = null;

                    var after = new AtomicFile(memory.AfterCrash(new Random(seed)), Path).Read();
                    var isNew = after.AsSpan().SequenceEqual(New);
                    var isOld = before is null ? after is null : after.AsSpan().SequenceEqual(before);
                    if (finished ? !isNew : !isNew && !isOld) faults.Add($"seed {seed}, stopped at {stop}: {after?.Length.ToString() ?? "no"} bytes");
                }
            }
        }

        return faults;
    }

    private static bool TryReplace(AtomicFile file)
    {
        try
        {
            file.Replace(New);
            return true;
        }
        catch (DiskException)
        {
            return false;
        }
    }
}
