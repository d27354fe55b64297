using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Folders;

public class DeletionTests
{
    private readonly TestFolder _folder;

    public DeletionTests()
    {
        _folder = new TestFolder();
        _folder.Open(_folder.Logs(2));
        _folder.Append(0, "a");
        _folder.Flush();
    }

    private static LogIdentity First => new(TestFolder.Name(0), TestFolder.Orders);

    [Fact]
    public void A_deleted_log_stays_deleted_and_its_files_go_with_a_tick()
    {
        _folder.Folder.DeleteLogs([First]);

        Assert.Null(_folder.Folder.Find(First.Name));
        Assert.Null(_folder.Saved(OffsetCheckpoint.RecoveryPoint, 0));
        Assert.Single(_folder.Names(), static name => name.StartsWith("orders-0.", StringComparison.Ordinal) && name.EndsWith("-delete", StringComparison.Ordinal));
        for (var seed = 0; seed < 20; seed++)
        {
            var after = new TestFolder(_folder.Memory.AfterCrash(new Random(seed))).Open(_folder.Log(1));
            Assert.DoesNotContain("orders-0", after.Names());
            after.Folder.Tick();
            Assert.DoesNotContain(after.Names(), static name => name.StartsWith("orders-0", StringComparison.Ordinal));
        }

        _folder.Folder.Tick();
        Assert.DoesNotContain(_folder.Names(), static name => name.StartsWith("orders-0", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_holds_a_slice_reads_on_and_nobody_reads_anew()
    {
        var log = _folder.Get(0);
        using var slice = log.Read(0, 1000, long.MaxValue).Slice;

        _folder.Folder.DeleteLogs([First]);
        _folder.Folder.Tick();

        var bytes = new byte[slice.Length];
        Assert.Equal(bytes.Length, slice.Read(0, bytes));
        Assert.True(bytes.Length > 61);
        Assert.ThrowsAny<IOException>(() => log.Read(0, 1000, long.MaxValue));
    }

    [Fact]
    public void What_was_waiting_for_the_disk_is_told_and_the_other_logs_go_on()
    {
        var told = 0;
        _folder.Get(0).DurableMoved = _ => told++;
        for (var i = 0; i < 8; i++) _folder.Append(i % 2, "waits");

        _folder.Folder.DeleteLogs([First]);
        _folder.Flush();

        Assert.Equal(1, told);
        Assert.Null(_folder.Get(1).Fault);
        Assert.Equal(4, _folder.Get(1).DurableOffset);
    }

    [Fact]
    public void The_log_of_a_topic_that_has_the_name_now_is_not_touched()
    {
        _folder.Folder.DeleteLogs([First with { TopicId = TestFolder.Payments }]);

        Assert.Equal(["a"], _folder.Values(0));
    }

    [Fact]
    public void A_log_that_was_not_opened_is_deleted_by_its_topic_s_id()
    {
        _folder.Stop();
        _folder.Open(_folder.Log(1));

        _folder.Folder.DeleteLogs([First with { TopicId = TestFolder.Payments }]);
        Assert.Contains("orders-0", _folder.Names());
        _folder.Folder.DeleteLogs([First]);
        Assert.DoesNotContain("orders-0", _folder.Names());
    }

    [Fact]
    public void A_lost_partition_can_be_deleted_and_made_anew()
    {
        _folder.Stop();
        _folder.DeleteTree(_folder.InFolder("orders-0"));
        _folder.Open(_folder.Logs(2));
        Assert.Null(_folder.Opened.Logs[0].Log);

        _folder.Folder.DeleteLogs([First]);

        Assert.NotNull(_folder.Folder.CreateLogs(_folder.Logs(1))[0].Log);
    }

    [Theory]
    [InlineData(DiskOperation.Rename)]
    [InlineData(DiskOperation.FlushFolder)]
    [InlineData(DiskOperation.Flush)]
    public void What_the_disk_refuses_is_told_and_the_same_call_goes_on_with_it(DiskOperation failing)
    {
        var isFirst = true;
        _folder.Memory.Fault = (operation, _) =>
        {
            if (operation != failing || !isFirst) return null;
            isFirst = false;
            return DiskFault.Failed;
        };

        Assert.Throws<DiskException>(() => _folder.Folder.DeleteLogs([First]));
        _folder.Folder.DeleteLogs([First]);

        for (var seed = 0; seed < 20; seed++)
        {
            var after = new TestFolder(_folder.Memory.AfterCrash(new Random(seed))).Open(_folder.Logs(2));
            Assert.Empty(after.Values(0));
        }

        _folder.Folder.Tick();
        Assert.DoesNotContain(_folder.Names(), static name => name.StartsWith("orders-0", StringComparison.Ordinal));
    }

    [Fact]
    public void Files_that_cannot_be_removed_yet_wait_for_another_tick()
    {
        _folder.Folder.DeleteLogs([First]);
        _folder.Memory.Fault = static (operation, _) => operation == DiskOperation.Delete ? DiskFault.Denied : null;

        _folder.Folder.Tick();
        Assert.NotNull(_folder.Folder.LastFailure);

        _folder.Memory.Fault = null;
        _folder.Folder.Tick();
        Assert.Null(_folder.Folder.LastFailure);
        Assert.DoesNotContain(_folder.Names(), static name => name.EndsWith("-delete", StringComparison.Ordinal));
    }

    [Fact]
    public void A_deletion_that_was_interrupted_before_the_checkpoints_does_not_make_a_new_topic_look_lost()
    {
        _folder.Memory.Fault = static (operation, path) => path.Contains(OffsetCheckpoint.RecoveryPoint, StringComparison.Ordinal) ? DiskFault.Failed : null;
        Assert.Throws<DiskException>(() => _folder.Folder.DeleteLogs([First]));
        var disk = _folder.Memory.AfterCrash(new Random(1));

        var after = new TestFolder(disk).Open(new HostedLog(First.Name, TestFolder.Payments, LogSettings.Default), _folder.Log(1));

        Assert.All(after.Opened.Logs, static log => Assert.NotNull(log.Log));
        Assert.Empty(after.Values(0));
    }
}
