using Microsoft.Win32.SafeHandles;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;

namespace Moldau.Unit.Storage.Simulation;

/// <summary>
/// A disk as one process has it: others act between its steps, and when the process is killed what it had open is
/// closed, what it wrote stays in the page cache, and nothing more of it happens.
/// </summary>
internal sealed class ProcessDisk(IFileSystem disk) : IFileSystem
{
    private readonly HashSet<IDisposable> _held = [];

    /// <summary>Called before each step that changes something or makes it durable.</summary>
    public Action<DiskOperation, string>? Before { get; set; }

    /// <summary>Called behind it; where this throws the step is done and told as failed.</summary>
    public Action<DiskOperation, string>? After { get; set; }

    /// <summary>Told of every read.</summary>
    public Action<string>? WasRead { get; set; }

    public long Operations { get; private set; }

    /// <summary>The process is killed at this operation; a write is made in part.</summary>
    public long DiesAt { get; set; } = long.MaxValue;

    public bool IsDead { get; private set; }

    public void Die()
    {
        IsDead = true;
        foreach (var held in _held) held.Dispose();
        _held.Clear();
    }

    public IFile Open(string path, OpenMode mode)
    {
        EnsureAlive();
        var makes = mode == OpenMode.New || (mode == OpenMode.ExistingOrNew && !disk.FileExists(path));
        return makes ? Step(DiskOperation.Create, path, () => Hold(disk.Open(path, mode))) : Hold(disk.Open(path, mode));
    }

    public IReadOnlyList<FolderEntry> List(string folder)
    {
        EnsureAlive();
        return disk.List(folder);
    }

    public bool FileExists(string path)
    {
        EnsureAlive();
        return disk.FileExists(path);
    }

    public bool FolderExists(string path)
    {
        EnsureAlive();
        return disk.FolderExists(path);
    }

    public void CreateFolder(string path) => Step(DiskOperation.Create, path, () => disk.CreateFolder(path));

    public void Rename(string path, string newPath) => Step(DiskOperation.Rename, newPath, () => disk.Rename(path, newPath));

    public void DeleteFile(string path) => Step(DiskOperation.Delete, path, () => disk.DeleteFile(path));

    public void DeleteFolder(string path) => Step(DiskOperation.Delete, path, () => disk.DeleteFolder(path));

    public void FlushFolder(string path) => Step(DiskOperation.FlushFolder, path, () => disk.FlushFolder(path));

    public bool TryFlushDisk(string path) => Step(DiskOperation.FlushDisk, path, () => disk.TryFlushDisk(path));

    public long FreeSpace(string path)
    {
        EnsureAlive();
        return disk.FreeSpace(path);
    }

    public IDisposable? TryLock(string path)
    {
        EnsureAlive();
        var held = disk.TryLock(path);
        if (held is not null) _held.Add(held);
        return held;
    }

    private void EnsureAlive()
    {
        if (IsDead) throw new ProcessDiedException();
    }

    private void Step(DiskOperation operation, string path, Action step, Action? half = null) => Step(operation, path, () =>
    {
        step();
        return true;
    }, half);

    private T Step<T>(DiskOperation operation, string path, Func<T> step, Action? half = null)
    {
        EnsureAlive();
        if (++Operations == DiesAt)
        {
            half?.Invoke();
            Die();
            throw new ProcessDiedException();
        }

        Before?.Invoke(operation, path);
        EnsureAlive();
        var result = step();
        After?.Invoke(operation, path);
        EnsureAlive();
        return result;
    }

    private ProcessFile Hold(IFile inner)
    {
        _held.Add(inner);
        return new ProcessFile(this, inner);
    }

    private sealed class ProcessFile(ProcessDisk process, IFile inner) : IFile
    {
        public string Path => inner.Path;

        public long Length
        {
            get
            {
                process.EnsureAlive();
                return inner.Length;
            }
        }

        public SafeFileHandle? Handle => inner.Handle;

        public int Read(long position, Span<byte> destination)
        {
            process.EnsureAlive();
            process.WasRead?.Invoke(Path);
            return inner.Read(position, destination);
        }

        public void Write(long position, ReadOnlySpan<byte> source)
        {
            var bytes = source.ToArray();
            process.Step(DiskOperation.Write, Path, () => inner.Write(position, bytes), () => inner.Write(position, bytes.AsSpan(0, bytes.Length / 2)));
        }

        public void SetLength(long length) => process.Step(DiskOperation.SetLength, Path, () => inner.SetLength(length));

        public void Reserve(long length) => inner.Reserve(length);

        public void Flush() => process.Step(DiskOperation.Flush, Path, inner.Flush);

        public void Dispose()
        {
            if (process._held.Remove(inner)) inner.Dispose();
        }
    }
}
