using Moldau.Storage.Files;

namespace Moldau.Storage.Checkpoints;

/// <summary>
/// Replaces a small file as a whole: after a crash at any moment it is the old one or the new one, and once
/// <see cref="Replace"/> has returned, the new one.
/// </summary>
public sealed class AtomicFile(IFileSystem disk, string path)
{
    // Kafka's own name for it, so that its broker and ours take the same files for leftovers.
    private const string TemporaryEnding = ".tmp";

    public string Path { get; } = path;

    /// <returns>Null where there is no such file.</returns>
    public byte[]? Read() => WholeFile.TryRead(disk, Path);

    /// <summary>Where it throws, the file is the old one, or where only its folder could not be flushed, either.</summary>
    public void Replace(ReadOnlySpan<byte> content)
    {
        var temporary = Path + TemporaryEnding;
        // Not written over: a leftover whose flush had failed holds pages that the kernel takes for written.
        if (disk.FileExists(temporary)) disk.DeleteFile(temporary);
        using (var file = disk.Open(temporary, OpenMode.New))
        {
            file.Write(0, content);
            // Before the rename: the new name must never reach the disk ahead of the bytes.
            file.Flush();
        }

        disk.Rename(temporary, Path);
        disk.FlushFolder(Folder);
    }

    /// <summary>Removes the file, durably; no fault where it is not there.</summary>
    public void Delete()
    {
        if (disk.FileExists(Path)) disk.DeleteFile(Path);
        // Also where it was gone: the one who deleted it may have crashed before the flush.
        disk.FlushFolder(Folder);
    }

    private string Folder => System.IO.Path.GetDirectoryName(Path) ?? "";
}
