using Moldau.Storage.Files;
using Xunit;

namespace Moldau.Unit.Storage.Files;

/// <summary>What a disk owes about names, locks and room.</summary>
public class FolderContractTests
{
    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void A_folder_lists_its_files_and_folders_and_nothing_below(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        disk.Write("a", 1, 2, 3);
        disk.Files.CreateFolder(disk["b"]);
        disk.Write("b/inner", 1);

        var entries = disk.Files.List(disk.Folder).OrderBy(entry => entry.Name);

        Assert.Equal([new FolderEntry("a", false, 3), new FolderEntry("b", true, 0)], entries);
        TestDisk.Refused(DiskFault.NotFound, disk["none"], () => disk.Files.List(disk["none"]));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void Files_and_folders_exist_each_as_what_they_are(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        disk.Write("a");
        disk.Files.CreateFolder(disk["b"]);

        Assert.Equal((true, false), (disk.Files.FileExists(disk["a"]), disk.Files.FolderExists(disk["a"])));
        Assert.Equal((false, true), (disk.Files.FileExists(disk["b"]), disk.Files.FolderExists(disk["b"])));
        Assert.Equal((false, false), (disk.Files.FileExists(disk["c"]), disk.Files.FolderExists(disk["c"])));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void A_folder_is_created_with_those_above_it_and_again_without_a_fault(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        disk.Write("file");

        disk.Files.CreateFolder(disk["x/y"]);
        disk.Write("x/y/a", 1);
        disk.Files.CreateFolder(disk["x/y"]);

        Assert.Equal([1], disk.Read("x/y/a"));
        TestDisk.Refused(DiskFault.Exists, disk["file"], () => disk.Files.CreateFolder(disk["file"]));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void A_rename_moves_the_bytes_and_replaces_a_file(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        disk.Write("a", 1);
        disk.Write("b", 2);

        disk.Files.Rename(disk["a"], disk["b"]);
        disk.Files.Rename(disk["b"], disk["b"]);
        disk.Files.Rename(disk["b"], disk["c"]);

        Assert.Equal(["c"], disk.Files.List(disk.Folder).Select(entry => entry.Name));
        Assert.Equal([1], disk.Read("c"));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void A_folder_is_renamed_with_what_it_holds(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        disk.Files.CreateFolder(disk["t-0/deep"]);
        disk.Write("t-0/deep/a", 1);
        disk.Write("t-01", 2);

        disk.Files.Rename(disk["t-0"], disk["t-0.deleted"]);

        Assert.Equal([1], disk.Read("t-0.deleted/deep/a"));
        Assert.False(disk.Files.FolderExists(disk["t-0"]));
        Assert.Equal([2], disk.Read("t-01"));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void A_rename_that_would_lose_or_leave_something_is_refused(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        disk.Write("file", 1);
        disk.Files.CreateFolder(disk["folder"]);
        disk.Files.CreateFolder(disk["other"]);

        TestDisk.Refused(DiskFault.NotFound, disk["none"], () => disk.Files.Rename(disk["none"], disk["new"]));
        TestDisk.Refused(DiskFault.Exists, disk["folder"], () => disk.Files.Rename(disk["file"], disk["folder"]));
        TestDisk.Refused(DiskFault.Exists, disk["file"], () => disk.Files.Rename(disk["folder"], disk["file"]));
        TestDisk.Refused(DiskFault.Exists, disk["other"], () => disk.Files.Rename(disk["folder"], disk["other"]));
        TestDisk.Refused(DiskFault.Failed, disk["file"], () => disk.Files.Rename(disk["file"], disk["folder/file"]));

        Assert.Equal([1], disk.Read("file"));
        Assert.Equal(3, disk.Files.List(disk.Folder).Count);
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void Files_and_empty_folders_are_deleted_and_nothing_else(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        disk.Files.CreateFolder(disk["folder"]);
        disk.Write("folder/a", 1);

        TestDisk.Refused(DiskFault.Failed, disk["folder"], () => disk.Files.DeleteFolder(disk["folder"]));
        TestDisk.Refused(DiskFault.NotFound, disk["folder"], () => disk.Files.DeleteFile(disk["folder"]));
        TestDisk.Refused(DiskFault.NotFound, disk["folder/a"], () => disk.Files.DeleteFolder(disk["folder/a"]));
        TestDisk.Refused(DiskFault.NotFound, disk["none"], () => disk.Files.DeleteFile(disk["none"]));
        TestDisk.Refused(DiskFault.NotFound, disk["none"], () => disk.Files.DeleteFolder(disk["none"]));
        disk.Files.DeleteFile(disk["folder/a"]);
        disk.Files.DeleteFolder(disk["folder"]);

        Assert.Empty(disk.Files.List(disk.Folder));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void Flushing_works_where_there_is_something_and_names_what_is_not_there(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        disk.Write("a", 1);

        disk.Files.FlushFolder(disk.Folder);
        disk.Files.TryFlushDisk(disk.Folder);

        Assert.SkipWhen(OperatingSystem.IsWindows() && kind == DiskKind.Real, "Windows flushes no folders");
        TestDisk.Refused(DiskFault.NotFound, disk["none"], () => disk.Files.FlushFolder(disk["none"]));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void Free_space_is_said_for_what_is_there(DiskKind kind)
    {
        using var disk = new TestDisk(kind);

        Assert.InRange(disk.Files.FreeSpace(disk.Folder), 1, long.MaxValue);
        TestDisk.Refused(DiskFault.NotFound, disk["none"], () => disk.Files.FreeSpace(disk["none"]));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void A_lock_is_refused_to_a_second_taker_until_it_is_let_go(DiskKind kind)
    {
        using var disk = new TestDisk(kind);

        var first = disk.Files.TryLock(disk[".lock"]);
        Assert.NotNull(first);
        Assert.True(disk.Files.FileExists(disk[".lock"]));
        Assert.Null(disk.Files.TryLock(disk[".lock"]));
        Assert.Null(disk.Files.TryLock(disk[".lock"]));
        first.Dispose();
        using var second = disk.Files.TryLock(disk[".lock"]);
        Assert.NotNull(second);
        first.Dispose();

        Assert.Null(disk.Files.TryLock(disk[".lock"]));
    }

    [Theory, MemberData(nameof(TestDisk.Kinds), MemberType = typeof(TestDisk))]
    public void A_lock_that_cannot_be_made_is_an_error_and_not_anothers(DiskKind kind)
    {
        using var disk = new TestDisk(kind);
        disk.Files.CreateFolder(disk["folder"]);

        TestDisk.Refused(DiskFault.NotFound, disk["none/.lock"], () => disk.Files.TryLock(disk["none/.lock"]));
        TestDisk.Refused(DiskFault.Denied, disk["folder"], () => disk.Files.TryLock(disk["folder"]));
    }
}
