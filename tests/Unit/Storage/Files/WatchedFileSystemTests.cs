using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Files;

/// <summary>What of a folder's disk is taken for its failure, and told once.</summary>
public class WatchedFileSystemTests
{
    [Theory]
    [InlineData(DiskFault.Failed, false, true)]
    [InlineData(DiskFault.Failed, true, true)]
    [InlineData(DiskFault.Denied, false, true)]
    [InlineData(DiskFault.Denied, true, false)]
    [InlineData(DiskFault.Full, false, false)]
    public void A_write_that_fails_is_told_once_by_its_fault(DiskFault fault, bool isIndispensable, bool isTold)
    {
        var disk = new MemoryFileSystem();
        disk.CreateFolder("/a");
        var told = new List<DiskException>();
        var watched = new WatchedFileSystem(disk, "/a", isIndispensable) { Failed = told.Add };
        using var file = watched.Open("/a/f", OpenMode.New);
        disk.Fault = (operation, _) => operation == DiskOperation.Write ? fault : null;
        Assert.Throws<DiskException>(() => file.Write(0, [1]));
        Assert.Throws<DiskException>(() => file.Write(0, [1]));
        Assert.Equal(isTold ? 1 : 0, told.Count);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told_where_the_folder_is_gone()
    {
        var disk = new MemoryFileSystem();
        disk.CreateFolder("/a");
        var told = 0;
        var watched = new WatchedFileSystem(disk, "/a") { Failed = _ => told++ };
        Assert.Throws<DiskException>(() => watched.Open("/a/f", OpenMode.Existing));
        Assert.Equal(0, told);
        disk.DeleteFolder("/a");
        Assert.Throws<DiskException>(() => watched.Open("/a/f", OpenMode.Existing));
        Assert.Equal(1, told);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_read_that_fails_is_the_logs_own_matter_where_nothing_goes_on_without_the_folder(bool isIndispensable)
    {
        var disk = new MemoryFileSystem();
        disk.CreateFolder("/a");
        var told = 0;
        var watched = new WatchedFileSystem(new UnreadableDisk(disk), "/a", isIndispensable) { Failed = _ => told++ };
        using var file = watched.Open("/a/f", OpenMode.New);
        Assert.Throws<DiskException>(() => file.Read(0, new byte[1]));
        Assert.Equal(isIndispensable ? 0 : 1, told);
    }

    private sealed class UnreadableDisk(IFileSystem inner) : PassingDisk(inner)
    {
        public override IFile Open(string path, OpenMode mode) => new UnreadableFile(base.Open(path, mode));
    }

    private sealed class UnreadableFile(IFile inner) : PassingFile(inner)
    {
        public override int Read(long position, Span<byte> destination) => throw new DiskException(DiskFault.Failed, "read", Path, "a fault was put in");
    }
}
