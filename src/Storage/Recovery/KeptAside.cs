using System.Buffers;
using System.Globalization;
using Moldau.Storage.Files;

namespace Moldau.Storage.Recovery;

/// <summary>What recovery takes out of a log stays beside it, for whoever wants to look: it is deleted by people only.</summary>
internal static class KeptAside
{
    public const string Ending = ".cut";

    private const int BufferSize = 256 * 1024;

    public static bool IsOne(string name) => name.Contains(".log" + Ending, StringComparison.Ordinal);

    /// <summary>Copies a file's bytes from a place on, durably.</summary>
    /// <returns>The copy's path.</returns>
    public static string Copy(IFileSystem disk, IFile source, long from)
    {
        var path = FreePath(disk, source.Path);
        try
        {
            CopyTo(disk, path, source, from);
        }
        catch (DiskException)
        {
            // Half of a copy is of no use, and takes room that may be what is missing.
            TryDelete(disk, path);
            throw;
        }

        disk.FlushFolder(Path.GetDirectoryName(path) ?? "");
        return path;
    }

    private static void CopyTo(IFileSystem disk, string path, IFile source, long from)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var copy = disk.Open(path, OpenMode.New);
            for (var at = from; at < source.Length;)
            {
                var read = source.Read(at, buffer.AsSpan(0, (int)Math.Min(BufferSize, source.Length - at)));
                copy.Write(at - from, buffer.AsSpan(0, read));
                at += read;
            }

            copy.Flush();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void TryDelete(IFileSystem disk, string path)
    {
        try
        {
            if (disk.FileExists(path)) disk.DeleteFile(path);
        }
        catch (DiskException)
        {
            // The one that is told is the first failure.
        }
    }

    /// <summary>What a file is called that is taken out whole, or a copy of its end.</summary>
    public static string FreePath(IFileSystem disk, string path)
    {
        var wanted = path + Ending;
        for (var number = 2; disk.FileExists(wanted); number++) wanted = path + Ending + number.ToString(CultureInfo.InvariantCulture);
        return wanted;
    }
}
