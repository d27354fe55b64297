namespace Moldau.Storage.Files;

/// <summary>
/// A disk as one data folder uses it, which tells of the first failure: from then on nothing that comes from there is to
/// be relied on. A full disk is none, nor is a file that is not there, as long as the folder is.
/// </summary>
/// <param name="disk">What is watched.</param>
/// <param name="folder">The data folder.</param>
/// <param name="isIndispensable">
/// Nothing goes on without the folder, so less is a failure of it: what cannot be read, or may not be opened, is one log's
/// matter.
/// </param>
public sealed class WatchedFileSystem(IFileSystem disk, string folder, bool isIndispensable = false) : IFileSystem
{
    private int _hasFailed;

    /// <summary>Called once, on the thread that has met the failure and may hold locks.</summary>
    public Action<DiskException>? Failed { get; set; }

    public IFileSystem Disk => disk;

    public IFile Open(string path, OpenMode mode) => new WatchedFile(this, Run(() => disk.Open(path, mode)));

    public IReadOnlyList<FolderEntry> List(string folder) => Run(() => disk.List(folder));

    public bool FileExists(string path) => disk.FileExists(path);

    public bool FolderExists(string path) => disk.FolderExists(path);

    public void CreateFolder(string path) => Run(() => disk.CreateFolder(path));

    public void Rename(string path, string newPath) => Run(() => disk.Rename(path, newPath));

    public void DeleteFile(string path) => Run(() => disk.DeleteFile(path));

    // One that is not empty fails, too, and says nothing of the disk.
    public void DeleteFolder(string path) => disk.DeleteFolder(path);

    public void FlushFolder(string path) => Run(() => disk.FlushFolder(path));

    public bool TryFlushDisk(string path) => Run(() => disk.TryFlushDisk(path));

    public long FreeSpace(string path) => disk.FreeSpace(path);

    public IDisposable? TryLock(string path) => disk.TryLock(path);

    /// <summary>For a filter: what is caught goes on as it is.</summary>
    /// <returns>False, always.</returns>
    internal bool Notice(DiskException failure)
    {
        var isFailure = failure.Fault switch
        {
            DiskFault.Failed => true,
            DiskFault.Denied => !isIndispensable,
            DiskFault.NotFound => !disk.FolderExists(folder),
            _ => false,
        };
        if (isFailure && Failed is { } told && Interlocked.Exchange(ref _hasFailed, 1) == 0) told(failure);
        return false;
    }

    /// <summary>As <see cref="Notice"/>, of a read.</summary>
    internal bool NoticeRead(DiskException failure) => !isIndispensable && Notice(failure);

    private void Run(Action call) => Run(() =>
    {
        call();
        return true;
    });

    private T Run<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (DiskException failure) when (Notice(failure))
        {
            throw;
        }
    }
}
