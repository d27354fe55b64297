using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Files;

/// <summary>One disk, crashed at one moment by many chances.</summary>
internal static class Crashes
{
    private const int Seeds = 300;

    /// <summary>What is found after each of the crashes, each answer once.</summary>
    public static HashSet<T> Outcomes<T>(MemoryFileSystem disk, Func<MemoryFileSystem, T> look)
    {
        var seen = new HashSet<T>();
        for (var seed = 0; seed < Seeds; seed++) seen.Add(look(disk.AfterCrash(new Random(seed))));
        return seen;
    }

    /// <summary>A file of these bytes in the root, with its name, on the disk for good.</summary>
    public static IFile Durable(MemoryFileSystem disk, string name, byte[] bytes)
    {
        var file = disk.Open(name, OpenMode.New);
        file.Write(0, bytes);
        file.Flush();
        disk.FlushFolder("");
        return file;
    }

    /// <summary>The bytes of a file; null where it is gone.</summary>
    public static byte[]? Bytes(MemoryFileSystem disk, string path)
    {
        if (!disk.FileExists(path)) return null;
        using var file = disk.Open(path, OpenMode.Existing);
        return TestDisk.ReadAll(file);
    }

    /// <summary>The bytes of a file that must be there.</summary>
    public static byte[] BytesOf(MemoryFileSystem disk, string path)
    {
        var bytes = Bytes(disk, path);
        Assert.NotNull(bytes);
        return bytes;
    }

    public static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }
}
