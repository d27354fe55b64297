namespace Moldau.Storage.Files.Memory;

/// <summary>
/// A disk in memory: for brokers that keep nothing, and for simulations that crash it. What was not flushed is in doubt
/// at a crash, as on a real disk: <see cref="AfterCrash"/> keeps some of it, tears it and reorders it between files.
/// Operations can be made to fail, and the room is bounded.
/// </summary>
public sealed class MemoryFileSystem : IFileSystem
{
    private const string Root = "";

    private readonly Dictionary<string, MemoryFolder> _folders = new() { [Root] = new MemoryFolder() };
    private readonly HashSet<string> _locks = [];

    /// <summary>Bytes that fit; writes beyond are refused as on a full disk.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>Asked before every operation that changes something or makes it durable; a fault it returns is thrown.</summary>
    public Func<DiskOperation, string, DiskFault?>? Fault { get; set; }

    internal Lock Sync { get; } = new();

    public IFile Open(string path, OpenMode mode)
    {
        lock (Sync)
        {
            var (folder, name) = Find("open", path);
            if (!folder.Names.TryGetValue(name, out var content))
            {
                if (mode == OpenMode.Existing) throw NotFound("open", path);
                Ask(DiskOperation.Create, path);
                folder.Set(name, content = new MemoryContent());
            }
            else if (mode == OpenMode.New)
            {
                throw new DiskException(DiskFault.Exists, "open", path, "it exists already");
            }

            return new MemoryFile(this, path, content);
        }
    }

    public IReadOnlyList<FolderEntry> List(string folder)
    {
        lock (Sync)
        {
            var path = Clean(folder);
            if (!_folders.TryGetValue(path, out var found)) throw NotFound("list", folder);
            var entries = new List<FolderEntry>();
            foreach (var (name, content) in found.Names) entries.Add(new FolderEntry(name, IsFolder: false, content.Length));
            foreach (var other in _folders.Keys)
            {
                var (above, name) = Split(other);
                if (above == path && name.Length > 0) entries.Add(new FolderEntry(name, IsFolder: true, 0));
            }

            return entries;
        }
    }

    public bool FileExists(string path)
    {
        lock (Sync)
        {
            var (folder, name) = Split(Clean(path));
            return _folders.TryGetValue(folder, out var found) && found.Names.ContainsKey(name);
        }
    }

    public bool FolderExists(string path)
    {
        lock (Sync) return _folders.ContainsKey(Clean(path));
    }

    public void CreateFolder(string path)
    {
        lock (Sync)
        {
            // Folders are durable at once here: what they hold is what simulations are after.
            for (var folder = Clean(path); folder.Length > 0; folder = Split(folder).Folder) _folders.TryAdd(folder, new MemoryFolder());
        }
    }

    public void Rename(string path, string newPath)
    {
        lock (Sync)
        {
            Ask(DiskOperation.Rename, path);
            if (_folders.ContainsKey(Clean(path)))
            {
                RenameFolder(Clean(path), Clean(newPath));
                return;
            }

            var (folder, name) = Find("rename", path);
            if (!folder.Names.TryGetValue(name, out var content)) throw NotFound("rename", path);
            var (target, targetName) = Find("rename", newPath);
            if (folder == target)
            {
                folder.Rename(name, targetName);
                return;
            }

            folder.Remove(name);
            target.Set(targetName, content);
        }
    }

    public void DeleteFile(string path)
    {
        lock (Sync)
        {
            Ask(DiskOperation.Delete, path);
            var (folder, name) = Find("delete", path);
            if (!folder.Names.ContainsKey(name)) throw NotFound("delete", path);
            folder.Remove(name);
        }
    }

    public void DeleteFolder(string path)
    {
        lock (Sync)
        {
            Ask(DiskOperation.Delete, path);
            if (List(path).Count > 0) throw new DiskException(DiskFault.Failed, "delete folder", path, "it is not empty");
            _folders.Remove(Clean(path));
        }
    }

    public void FlushFolder(string path)
    {
        lock (Sync)
        {
            if (!_folders.TryGetValue(Clean(path), out var folder)) throw NotFound("flush folder", path);
            Ask(DiskOperation.FlushFolder, path);
            folder.Flush();
        }
    }

    public bool TryFlushDisk(string path)
    {
        lock (Sync)
        {
            try
            {
                Ask(DiskOperation.FlushDisk, path);
            }
            catch (DiskException)
            {
                ForEachContent(static content => content.ForgetPending());
                throw;
            }

            ForEachContent(static content => content.Flush());
            foreach (var folder in _folders.Values) folder.Flush();
            return true;
        }
    }

    public long FreeSpace(string path)
    {
        lock (Sync) return Capacity - Used();
    }

    public IDisposable? TryLock(string path)
    {
        lock (Sync) return _locks.Add(Clean(path)) ? new HeldLock(this, Clean(path)) : null;
    }

    /// <summary>The disk as another process finds it after the power was cut now. Open files and locks are gone.</summary>
    public MemoryFileSystem AfterCrash(Random chance)
    {
        ArgumentNullException.ThrowIfNull(chance);
        lock (Sync)
        {
            var after = new MemoryFileSystem { Capacity = Capacity };
            after._folders.Clear();
            // A file renamed across folders may be found under both names; it is one file then, too.
            var contents = new Dictionary<MemoryContent, MemoryContent>();
            foreach (var (path, folder) in _folders)
            {
                after._folders[path] = folder.AfterCrash(chance, content =>
                    contents.TryGetValue(content, out var known) ? known : contents[content] = content.AfterCrash(chance));
            }

            return after;
        }
    }

    internal void Ask(DiskOperation operation, string path)
    {
        if (Fault?.Invoke(operation, path) is { } fault)
            throw new DiskException(fault, operation.ToString(), path, fault == DiskFault.Full ? "no space is left" : "a fault was put in");
    }

    /// <summary>How long the file may become without passing the capacity, up to the length wanted.</summary>
    internal long RoomFor(MemoryContent content, long length) =>
        Capacity == long.MaxValue ? length : Math.Min(length, content.Length + Math.Max(0, Capacity - Used()));

    private long Used()
    {
        var used = 0L;
        ForEachContent(content => used += content.Length);
        return used;
    }

    private void ForEachContent(Action<MemoryContent> action)
    {
        foreach (var folder in _folders.Values)
        {
            foreach (var content in folder.Names.Values) action(content);
        }
    }

    private void RenameFolder(string from, string to)
    {
        foreach (var path in (string[])[.. _folders.Keys])
        {
            if (path != from && !path.StartsWith(from + "/", StringComparison.Ordinal)) continue;
            _folders.Remove(path, out var folder);
            _folders[to + path[from.Length..]] = folder!;
        }
    }

    private (MemoryFolder Folder, string Name) Find(string operation, string path)
    {
        var (folder, name) = Split(Clean(path));
        return _folders.TryGetValue(folder, out var found) ? (found, name) : throw NotFound(operation, path);
    }

    private static (string Folder, string Name) Split(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? (Root, path) : (path[..slash], path[(slash + 1)..]);
    }

    private static string Clean(string path) => path.Replace('\\', '/').Trim('/');

    private static DiskException NotFound(string operation, string path) => new(DiskFault.NotFound, operation, path, "it is not there");

    private sealed class HeldLock(MemoryFileSystem disk, string path) : IDisposable
    {
        public void Dispose()
        {
            lock (disk.Sync) disk._locks.Remove(path);
        }
    }
}
