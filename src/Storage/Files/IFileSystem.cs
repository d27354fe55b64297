namespace Moldau.Storage.Files;

/// <summary>
/// The disk, as much of it as a log needs. Everything durable is said explicitly: a write is only in the page cache until
/// its file is flushed, and a name (created, renamed, deleted) only until its folder is.
/// Failures are <see cref="DiskException"/>s that name the path.
/// </summary>
public interface IFileSystem
{
    /// <summary>Opens a file for reading and writing.</summary>
    IFile Open(string path, OpenMode mode);

    /// <summary>The names in a folder, in no order.</summary>
    IReadOnlyList<FolderEntry> List(string folder);

    bool FileExists(string path);

    bool FolderExists(string path);

    /// <summary>
    /// Creates the folder and those above it; no fault where it exists. Its name is durable once the folder above is flushed.
    /// </summary>
    void CreateFolder(string path);

    /// <summary>
    /// Renames a file or a folder within its folder; a file that has the new name is replaced by a file, as one step.
    /// Files that are open stay so, and <see cref="IFile.Path"/> says what they were opened as.
    /// </summary>
    void Rename(string path, string newPath);

    void DeleteFile(string path);

    /// <summary>Deletes an empty folder.</summary>
    void DeleteFolder(string path);

    /// <summary>Makes the names in a folder durable.</summary>
    void FlushFolder(string path);

    /// <summary>
    /// Brings everything on the disk that holds the path to durability, at the price of one flush.
    /// </summary>
    /// <returns>False where the system cannot, or would not tell of a failure.</returns>
    bool TryFlushDisk(string path);

    /// <summary>Bytes that can still be written.</summary>
    long FreeSpace(string path);

    /// <summary>Takes the file, made where it is not there, as a lock until it is disposed or the process ends.</summary>
    /// <returns>Null where another has it.</returns>
    IDisposable? TryLock(string path);
}
