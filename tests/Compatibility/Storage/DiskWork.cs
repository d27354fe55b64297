using Moldau.Storage.Files;
using Xunit;

namespace Moldau.Compatibility.Storage;

/// <summary>What other tests run in a process of its own, through <see cref="DiskChild"/>; explicit, so that no run starts it by itself.</summary>
public class DiskWork
{
    private readonly DiskFileSystem _disk = new();

    [Fact(Explicit = true)]
    public void Writes_and_flushes()
    {
        using (var file = _disk.Open(In("flushed"), OpenMode.New))
        {
            file.Write(0, [1, 2, 3]);
            file.Flush();
        }

        _disk.FlushFolder(DiskChild.Folder);
        DiskChild.Report(_disk.TryFlushDisk(DiskChild.Folder) ? "all" : "no syncfs");
    }

    /// <summary>The break of the one above.</summary>
    [Fact(Explicit = true)]
    public void Writes_only()
    {
        using (var file = _disk.Open(In("flushed"), OpenMode.New)) file.Write(0, [1, 2, 3]);
        DiskChild.Report("none");
    }

    [Fact(Explicit = true)]
    public void Tries_the_lock()
    {
        using var held = _disk.TryLock(In(".lock"));
        DiskChild.Report(held is null ? "refused" : "taken");
    }

    /// <summary>On a disk of 1 MiB.</summary>
    [Fact(Explicit = true)]
    public void Fills_the_disk()
    {
        const int Room = 1024 * 1024;
        using var other = _disk.Open(In("other"), OpenMode.New);
        other.Write(0, new byte[Room / 2]);
        using var file = _disk.Open(In("full"), OpenMode.New);
        var bytes = new byte[2 * Room];
        Array.Fill(bytes, (byte)7);

        file.Reserve(bytes.Length);
        var refusal = Assert.Throws<DiskException>(() => file.Write(0, bytes));

        Assert.Equal((DiskFault.Full, In("full")), (refusal.Fault, refusal.Path));
        Assert.Equal(0, _disk.FreeSpace(DiskChild.Folder));
        // What fitted is there, as the disk in memory has it.
        Assert.InRange(file.Length, 1, Room / 2);
        var first = new byte[1];
        file.Read(0, first);
        Assert.Equal(7, first[0]);

        other.Dispose();
        _disk.DeleteFile(In("other"));
        Assert.InRange(_disk.FreeSpace(DiskChild.Folder), Room / 2, Room);
        file.Write(file.Length, bytes.AsSpan(0, Room / 4));
        file.Flush();
        DiskChild.Report("filled");
    }

    private static string In(string name) => Path.Combine(DiskChild.Folder, name);
}
