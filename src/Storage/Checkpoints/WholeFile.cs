using Moldau.Storage.Files;

namespace Moldau.Storage.Checkpoints;

/// <summary>A small file read at once.</summary>
internal static class WholeFile
{
    public static byte[] Read(IFile file)
    {
        var length = file.Length;
        if (length > Array.MaxLength)
        {
            throw DamagedFileException.AtByte(
                file.Path, Array.MaxLength, "the end of the file", $"a file of {length} bytes", "no such file is ever that long: move it away");
        }

        var bytes = new byte[length];
        // A file that became shorter meanwhile is what was read of it.
        var read = file.Read(0, bytes);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <returns>Null where there is no such file.</returns>
    public static byte[]? TryRead(IFileSystem disk, string path)
    {
        try
        {
            using var file = disk.Open(path, OpenMode.Existing);
            return Read(file);
        }
        catch (DiskException failure) when (failure.Fault == DiskFault.NotFound)
        {
            return null;
        }
    }
}
