using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Folders;

public class CreationTests
{
    private readonly TestFolder _folder = new TestFolder().Open();

    [Fact]
    public void A_log_that_was_told_of_is_there_after_a_power_failure_whether_few_are_made_or_many()
    {
        foreach (var count in (int[])[1, 3, 40])
        {
            var folder = new TestFolder().Open();
            Assert.All(folder.Folder.CreateLogs(folder.Logs(count)), static made => Assert.NotNull(made.Log));
            for (var seed = 0; seed < 20; seed++)
            {
                var after = new TestFolder(folder.Memory.AfterCrash(new Random(seed))).Open(folder.Logs(count));
                Assert.All(after.Opened.Logs, static log => Assert.NotNull(log.Log));
                Assert.Equal(0, after.Saved(OffsetCheckpoint.RecoveryPoint, count - 1));
            }
        }
    }

    [Fact]
    public void Many_are_brought_to_disk_at_once()
    {
        var flushes = new List<DiskOperation>();
        _folder.Memory.Fault = (operation, _) =>
        {
            if (operation is DiskOperation.Flush or DiskOperation.FlushFolder or DiskOperation.FlushDisk) flushes.Add(operation);
            return null;
        };

        _folder.Folder.CreateLogs(_folder.Logs(200));

        // The disk, then the recovery points' file and its name.
        Assert.Equal([DiskOperation.FlushDisk, DiskOperation.Flush, DiskOperation.FlushFolder], flushes);
    }

    [Fact]
    public void One_that_is_open_is_given_as_it_is()
    {
        var made = _folder.Folder.CreateLogs(_folder.Logs(1))[0].Log!;
        _folder.Append(0, "a");

        Assert.Same(made, _folder.Folder.CreateLogs(_folder.Logs(1))[0].Log);
        Assert.Equal(["a"], _folder.Values(0));
    }

    [Fact]
    public void A_topic_of_the_same_name_waits_until_the_old_one_s_log_is_deleted()
    {
        _folder.Folder.CreateLogs(_folder.Logs(1));
        _folder.Append(0, "old");
        var anew = new HostedLog(TestFolder.Name(0), TestFolder.Payments, _folder.Settings);

        Assert.Contains("is to be deleted first", _folder.Folder.CreateLogs([anew])[0].OfflineReason, StringComparison.Ordinal);
        _folder.Folder.DeleteLogs([new LogIdentity(TestFolder.Name(0), TestFolder.Orders)]);

        Assert.NotNull(_folder.Folder.CreateLogs([anew])[0].Log);
        Assert.Empty(_folder.Values(0));
    }

    [Fact]
    public void A_disk_that_is_full_keeps_a_log_from_being_made_until_there_is_room()
    {
        for (var room = 0; room < 200; room += 20)
        {
            var folder = new TestFolder().Open();
            folder.Memory.Capacity = folder.Memory.Capacity - folder.Memory.FreeSpace("") + room;
            Assert.Contains("no space is left", folder.Folder.CreateLogs(folder.Logs(8))[7].OfflineReason, StringComparison.Ordinal);

            folder.Memory.Capacity = long.MaxValue;
            Assert.All(folder.Folder.CreateLogs(folder.Logs(8)), static made => Assert.NotNull(made.Log));
            folder.Append(7, "a");
            folder.Stop();
            Assert.Equal(["a"], folder.Open(folder.Logs(8)).Values(7));
        }
    }

    [Fact]
    public void Records_that_lie_there_are_not_made_over()
    {
        _folder.Folder.CreateLogs(_folder.Logs(1));
        _folder.Append(0, "a");
        _folder.Stop();
        _folder.Open();

        Assert.Contains("holds records already", _folder.Folder.CreateLogs(_folder.Logs(1))[0].OfflineReason, StringComparison.Ordinal);
        _folder.Stop();
        Assert.Equal(["a"], _folder.Open(_folder.Logs(1)).Values(0));
    }

    [Fact]
    public void A_half_made_one_is_finished_at_the_next_start()
    {
        var path = _folder.InFolder("orders-0");
        _folder.Files.CreateFolder(path);
        _folder.Overwrite("orders-0/" + PartitionMetadata.FileName, "vers");
        _folder.Kill();

        _folder.Open(_folder.Logs(1));

        Assert.NotNull(_folder.Opened.Logs[0].Log);
        Assert.Equal(TestFolder.Orders, PartitionMetadata.Read(_folder.Files, path + "/" + PartitionMetadata.FileName)!.TopicId);
    }

    [Fact]
    public void A_log_that_a_kill_has_caught_half_emptied_is_empty_on_disk_before_its_start_is_forgotten()
    {
        for (var operation = 1; ; operation++)
        {
            var folder = HalfEmptied();
            folder.Memory.StopsAfter = folder.Memory.Operations + operation;
            if (OpensWithPower(folder)) break;
            Assert.InRange(operation, 1, 100);
            for (var seed = 0; seed < 10; seed++)
            {
                var after = new TestFolder(folder.Memory.AfterCrash(new Random(seed))).Open(folder.Logs(1));
                Assert.True(after.Opened.Logs[0].Log is { } log && log.StartOffset is 0 or >= 6, $"operation {operation}, seed {seed}: {after.Opened.Logs[0].OfflineReason}");
                Assert.DoesNotContain("value 5", after.Values(0));
            }
        }
    }

    [Theory]
    [InlineData("../orders", 0)]
    [InlineData("", 0)]
    [InlineData("orders", -1)]
    public void A_name_that_is_none_is_refused(string topic, int partition) =>
        Assert.Throws<ArgumentException>(() => _folder.Folder.CreateLogs([new HostedLog(new PartitionName(topic, partition), TestFolder.Orders, LogSettings.Default)]));

    [Fact]
    public void One_name_twice_is_refused() =>
        Assert.Throws<ArgumentException>(() => _folder.Folder.CreateLogs([_folder.Log(0), _folder.Log(0)]));

    /// <summary>Its records below 6 are deleted; it was killed between deleting its segments and bringing that to disk.</summary>
    private static TestFolder HalfEmptied()
    {
        var folder = new TestFolder().Open();
        folder.Folder.CreateLogs(folder.Logs(1));
        for (var i = 0; i < 9; i++) folder.Append(0, $"value {i}");
        folder.Flush();
        folder.Get(0).MoveStart(6);
        folder.Folder.SaveStartOffsets();
        var isEmptied = false;
        folder.Memory.Fault = (operation, path) =>
        {
            isEmptied |= operation == DiskOperation.Delete && path.EndsWith(".log", StringComparison.Ordinal);
            return isEmptied && operation == DiskOperation.FlushFolder ? DiskFault.Failed : null;
        };
        Assert.Throws<DiskException>(() => folder.Get(0).StartAt(50));
        folder.Memory.Fault = null;
        folder.Kill();
        Assert.Null(folder.Saved(OffsetCheckpoint.RecoveryPoint, 0));
        return folder;
    }

    private static bool OpensWithPower(TestFolder folder)
    {
        try
        {
            folder.Open(folder.Logs(1));
        }
        catch (DiskException)
        {
            return false;
        }

        return folder.Memory.Operations <= folder.Memory.StopsAfter;
    }
}
