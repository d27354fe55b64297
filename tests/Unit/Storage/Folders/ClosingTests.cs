using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Folders;

public class ClosingTests
{
    private readonly TestFolder _folder = new();

    private bool HasMarker => _folder.Files.FileExists(_folder.InFolder(CleanShutdownMarker.FileName));

    [Fact]
    public void An_orderly_stop_survives_a_power_failure_and_the_next_start_reads_no_segment_and_writes_only_the_marker_away()
    {
        _folder.Open(_folder.Logs(8));
        for (var i = 0; i < 8; i++) _folder.Append(i, $"value {i}");
        _folder.Stop();

        for (var seed = 0; seed < 20; seed++)
        {
            var disk = _folder.Memory.AfterCrash(new Random(seed));
            var reads = new List<string>();
            var changes = new List<string>();
            disk.Fault = (operation, path) =>
            {
                if (!path.Contains(".lock", StringComparison.Ordinal)) changes.Add($"{operation} {path.Replace('\\', '/')}");
                return null;
            };
            var again = new TestFolder(new ReadingDisk(disk, reads)).Open(_folder.Logs(8));
            Assert.Equal(5, again.Folder.EpochAtStop);
            Assert.Empty(again.Opened.Notes);
            Assert.DoesNotContain(reads, static path => path.EndsWith(".log", StringComparison.Ordinal) || path.EndsWith("index", StringComparison.Ordinal));
            Assert.Equal(["Delete data/.kafka_cleanshutdown", "FlushFolder data"], changes);
            Assert.All(Enumerable.Range(0, 8), i => Assert.Equal([$"value {i}"], again.Values(i)));
        }
    }

    [Fact]
    public void The_whole_disk_is_flushed_once_where_there_is_much()
    {
        _folder.Open(_folder.Logs(50));
        for (var i = 0; i < 50; i++) _folder.Append(i, "a");
        var flushes = new Dictionary<DiskOperation, int>();
        _folder.Memory.Fault = (operation, _) =>
        {
            flushes[operation] = flushes.GetValueOrDefault(operation) + 1;
            return null;
        };

        _folder.Stop();

        Assert.Equal(1, flushes[DiskOperation.FlushDisk]);
        // The checkpoints of points and lengths, and the marker; those of starts and compaction have not changed.
        Assert.Equal(3, flushes[DiskOperation.Flush]);
    }

    [Fact]
    public void What_a_stop_has_noted_of_lengths_is_not_believed_where_a_segment_is_another()
    {
        _folder.Open(_folder.Logs(1));
        _folder.Append(0, "a");
        _folder.Append(0, "b");
        _folder.Stop();
        using (var file = _folder.Files.Open(_folder.InFolder("orders-0", SegmentName.Of(0, SegmentName.Log)), OpenMode.Existing)) file.SetLength(file.Length - 1);

        _folder.Open(_folder.Logs(1));

        Assert.Contains(_folder.Opened.Notes, static note => note.IsAlarm);
        Assert.Equal(1, _folder.Get(0).LowestEpoch);
        Assert.False(_folder.Folder.Close(5) is { WasInOrder: true } && !HasMarker);
    }

    [Fact]
    public void A_folder_that_another_writer_closed_in_order_is_opened_by_its_batches()
    {
        _folder.Open(_folder.Logs(1));
        _folder.Append(0, "a");
        _folder.Stop();
        _folder.Files.DeleteFile(_folder.InFolder(FolderCheckpoints.ClosedLengths));

        _folder.Open(_folder.Logs(1));

        Assert.Empty(_folder.Opened.Notes);
        Assert.Equal(["a"], _folder.Values(0));
        Assert.Equal(0, _folder.Get(0).LowestEpoch);
    }

    [Fact]
    public void Logs_that_were_never_opened_leave_no_marker()
    {
        _folder.Open(_folder.Logs(1)).Stop();
        Assert.True(HasMarker);

        _folder.Take();
        Assert.False(HasMarker);
        Assert.Contains("were not opened", Assert.Single(_folder.Folder.Close(5).Obstacles), StringComparison.Ordinal);
        Assert.False(HasMarker);
    }

    [Theory]
    [InlineData(DiskOperation.Flush)]
    [InlineData(DiskOperation.FlushDisk)]
    [InlineData(DiskOperation.FlushFolder)]
    [InlineData(DiskOperation.Rename)]
    [InlineData(DiskOperation.Create)]
    public void A_disk_that_fails_leaves_no_marker(DiskOperation failing)
    {
        _folder.Open(_folder.Logs(8));
        for (var i = 0; i < 8; i++) _folder.Append(i, "a");
        _folder.Memory.Fault = (operation, path) => operation == failing && !path.Contains(CleanShutdownMarker.FileName, StringComparison.Ordinal) ? DiskFault.Failed : null;

        Assert.NotEmpty(_folder.Folder.Close(5).Obstacles);

        Assert.False(HasMarker);
        _folder.Memory.Fault = null;
        Assert.Null(_folder.Open(_folder.Logs(8)).Folder.EpochAtStop);
    }

    [Fact]
    public void A_log_with_a_fault_leaves_no_marker_and_says_why()
    {
        _folder.Open(_folder.Logs(2));
        _folder.Append(1, "a");
        _folder.Memory.Fault = static (operation, _) => operation == DiskOperation.Flush ? DiskFault.Failed : null;
        _folder.Flush();
        _folder.Memory.Fault = null;

        Assert.Contains("orders-1 is read-only", Assert.Single(_folder.Folder.Close(5).Obstacles), StringComparison.Ordinal);
        Assert.False(HasMarker);
    }

    [Fact]
    public void A_marker_that_is_there_before_the_records_is_noticed()
    {
        var disk = new MemoryFileSystem();
        var faulty = new TestFolder(new FaultyDisk(disk, skipsFile: static path => path.EndsWith(".log", StringComparison.Ordinal)));
        faulty.Open(faulty.Logs(1));
        faulty.Append(0, "a");
        faulty.Stop();

        var noticed = 0;
        for (var seed = 0; seed < 50; seed++)
        {
            var after = new TestFolder(disk.AfterCrash(new Random(seed))).Open(faulty.Logs(1));
            if (after.Folder.EpochAtStop is not null && after.Opened.Notes.Count > 0) noticed++;
        }

        Assert.True(noticed > 5, $"noticed after {noticed} of 50 crashes");
    }
}
