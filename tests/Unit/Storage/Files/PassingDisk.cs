using Moldau.Storage.Files;

namespace Moldau.Unit.Storage.Files;

/// <summary>A disk that passes every call on to another one: what a faulty disk, or one that counts, changes something of.</summary>
internal abstract class PassingDisk(IFileSystem inner) : IFileSystem
{
    protected IFileSystem Inner { get; } = inner;

    public virtual IFile Open(string path, OpenMode mode) => Inner.Open(path, mode);

    public virtual IReadOnlyList<FolderEntry> List(string folder) => Inner.List(folder);

    public virtual bool FileExists(string path) => Inner.FileExists(path);

    public virtual bool FolderExists(string path) => Inner.FolderExists(path);

    public virtual void CreateFolder(string path) => Inner.CreateFolder(path);

    public virtual void Rename(string path, string newPath) => Inner.Rename(path, newPath);

    public virtual void DeleteFile(string path) => Inner.DeleteFile(path);

    public virtual void DeleteFolder(string path) => Inner.DeleteFolder(path);

    public virtual void FlushFolder(string path) => Inner.FlushFolder(path);

    public virtual bool TryFlushDisk(string path) => Inner.TryFlushDisk(path);

    public virtual long FreeSpace(string path) => Inner.FreeSpace(path);

    public virtual IDisposable? TryLock(string path) => Inner.TryLock(path);
}
