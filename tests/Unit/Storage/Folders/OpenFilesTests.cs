using Moldau.Storage.Files;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;
using Moldau.Unit.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Folders;

public class OpenFilesTests
{
    [Theory]
    [InlineData(4096, null, 4096)]
    [InlineData(4096, 100_000L, 4096)]
    [InlineData(4096, 1024L, 768)]
    [InlineData(500, 1024L, 500)]
    public void Logs_get_three_quarters_of_what_the_system_allows_at_most(int wanted, long? limit, long given)
    {
        var folder = new TestFolder();
        var disk = new LogDisk(folder.Files, folder.Clock, wanted);

        Assert.Equal(given, OpenFileBudget.Fit(disk, "data", limit, out var warning));

        Assert.Equal(given < wanted, warning is not null);
        if (warning is null) return;
        Assert.Contains("moldau.log.open.files is 4096, but the system lets this process have 1024 files open", warning, StringComparison.Ordinal);
        Assert.Contains("ulimit -n", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_that_is_too_low_to_serve_anything_is_refused()
    {
        var folder = new TestFolder();

        var refused = Assert.Throws<DiskException>(() => folder.Take(folder.Options with { OpenFileLimit = 80 }));

        Assert.Contains("too few to serve logs: raise it with ulimit -n", refused.Message, StringComparison.Ordinal);
        Assert.False(folder.Files.FolderExists(TestFolder.Path));
    }

    [Fact]
    public void A_lower_limit_is_told_and_kept_to()
    {
        var folder = new TestFolder();
        folder.Take(folder.Options with { OpenFileLimit = 100 });

        Assert.Contains("the logs keep 75 open at most", folder.Folder.OpenFilesWarning, StringComparison.Ordinal);
        folder.Folder.OpenLogs(folder.Logs(300));
        for (var i = 0; i < 300; i++)
        {
            folder.Append(i, "a");
            folder.Flush();
            Assert.InRange(folder.Disk.OpenFiles.Used, 1, 75);
        }

        for (var i = 0; i < 300; i++) Assert.Equal(["a"], folder.Values(i));
        Assert.InRange(folder.Disk.OpenFiles.Used, 1, 75);
    }

    [Fact]
    public void A_file_that_is_not_flushed_yet_stays_open()
    {
        var folder = new TestFolder();
        folder.Take(folder.Options with { OpenFileLimit = 100 });
        folder.Folder.OpenLogs(folder.Logs(200));

        for (var i = 0; i < 200; i++) folder.Append(i, "a");
        // A file that is closed before it is flushed may lose what the kernel has to tell of a failed write.
        Assert.Equal(200, folder.Disk.OpenFiles.Used);

        folder.Flush();
        Assert.InRange(folder.Disk.OpenFiles.Used, 1, 75);
    }

    [Fact]
    public void An_idle_log_holds_no_file()
    {
        var folder = new TestFolder();
        folder.Open(folder.Logs(50));
        for (var i = 0; i < 50; i++) folder.Append(i, "a");
        folder.Stop();

        folder.Open(folder.Logs(50));

        Assert.Equal(0, folder.Disk.OpenFiles.Used);
    }

    [Fact]
    public void The_system_is_asked_for_its_limit()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such limit");
        Assert.InRange(NativeDisk.OpenFileLimit() ?? long.MaxValue, 16, long.MaxValue);
    }

    [Fact]
    public void The_real_disk_s_folder_is_opened_in_parallel_and_flushed_by_a_thread()
    {
        var path = Directory.CreateTempSubdirectory("folder-").FullName;
        try
        {
            var folder = new TestFolder(new DiskFileSystem(), Path.Combine(path, "data"));
            var options = folder.Options with { HasFlusherThread = true, Parallelism = 4 };
            for (var start = 0; start < 3; start++)
            {
                folder.Take(options);
                var opened = folder.Folder.OpenLogs(folder.Logs(40));
                Assert.All(opened.Logs, static log => Assert.NotNull(log.Log));
                Assert.Equal(start > 0 ? 5 : null, folder.Folder.EpochAtStop);
                using var durable = new CountdownEvent(40);
                for (var i = 0; i < 40; i++)
                {
                    var log = folder.Get(i);
                    var end = log.EndOffset + 1;
                    var told = 0;
                    log.DurableMoved = moved =>
                    {
                        if (moved.DurableOffset >= end && Interlocked.Exchange(ref told, 1) == 0) durable.Signal();
                    };
                    folder.Append(i, $"{start}");
                }

                Assert.True(durable.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken), "not all became durable");
                folder.Stop();
            }

            folder.Take(options);
            folder.Folder.OpenLogs(folder.Logs(40));
            Assert.All(Enumerable.Range(0, 40), i => Assert.Equal(["0", "1", "2"], folder.Values(i)));
            Assert.Throws<FolderRefusedException>(() => new TestFolder(new DiskFileSystem(), Path.Combine(path, "data")).Take());
            folder.Kill();
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
