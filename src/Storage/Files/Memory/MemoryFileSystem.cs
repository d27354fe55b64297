namespace Moldau.Storage.Files.Memory;

/// <summary>
/// A disk in memory: for brokers that keep nothing, and for simulations that crash it. What was not flushed is in doubt
/// at a crash, as on a real disk: <see cref="AfterCrash"/> keeps some of it, tears it and reorders it between files; and
/// that holds for names, folders' among them, as much as for bytes.
/// Operations can be made to fail, the power to go at a given one, and the room is bounded.
/// </summary>
/// <param name="keepsHistory">
/// Whether it remembers what is durable and what is pending, to be crashed. Without, it holds each byte once, and each
/// file has a lock of its own.
/// </param>
public sealed class MemoryFileSystem(bool keepsHistory = true) : IFileSystem
{
    private readonly MemoryRoom _room = new();
    private readonly HashSet<string> _locks = [];
    private readonly Lock _sync = new();
    private MemoryFolder _root = new(keepsHistory);
    private long _operations;

    /// <summary>Bytes that fit; writes beyond are refused as on a full disk.</summary>
    public long Capacity
    {
        get => _room.Capacity;
        set => _room.Capacity = value;
    }

    /// <summary>
    /// How many operations that change something or make it durable were asked for, those that <see cref="Fault"/>
    /// failed among them. While the hook is asked it is the number of the operation in question; the first is 1.
    /// </summary>
    public long Operations => Volatile.Read(ref _operations);

    /// <summary>
    /// The power goes after this many operations: each later one fails and changes nothing, and what is pending is what
    /// it was. <see cref="AfterCrash"/> is then a crash at exactly that place.
    /// </summary>
    public long StopsAfter { get; set; } = long.MaxValue;

    /// <summary>
    /// Asked before every operation that changes something or makes it durable; a fault it returns is thrown. A flush
    /// that fails this way loses what was pending.
    /// </summary>
    public Func<DiskOperation, string, DiskFault?>? Fault { get; set; }

    public IFile Open(string path, OpenMode mode)
    {
        lock (_sync)
        {
            var (folder, name) = Find("open", path);
            if (!folder.Names.TryGetValue(name, out var node))
            {
                if (mode == OpenMode.Existing) throw NotFound("open", path);
                return Hold(Create(folder, name, path), path);
            }

            if (mode == OpenMode.New) throw Exists("open", path);
            return node is MemoryContent content ? Hold(content, path)
                : throw new DiskException(DiskFault.Denied, "open", path, "it is a folder");
        }
    }

    public IReadOnlyList<FolderEntry> List(string folder)
    {
        lock (_sync)
        {
            if (MemoryPath.Find(_root, folder) is not MemoryFolder found) throw NotFound("list", folder);
            var entries = new List<FolderEntry>(found.Names.Count);
            foreach (var (name, node) in found.Names)
                entries.Add(new FolderEntry(name, node is MemoryFolder, node is MemoryContent content ? LengthOf(content) : 0));
            return entries;
        }
    }

    public bool FileExists(string path)
    {
        lock (_sync) return MemoryPath.Find(_root, path) is MemoryContent;
    }

    public bool FolderExists(string path)
    {
        lock (_sync) return MemoryPath.Find(_root, path) is MemoryFolder;
    }

    public void CreateFolder(string path)
    {
        lock (_sync)
        {
            var folder = _root;
            foreach (var name in MemoryPath.Names(path))
            {
                if (!folder.Names.TryGetValue(name, out var node))
                {
                    Ask(DiskOperation.Create, path);
                    folder.Set(name, node = new MemoryFolder(keepsHistory));
                }

                folder = node as MemoryFolder ?? throw new DiskException(DiskFault.Exists, "create folder", path, $"{name} is a file");
            }
        }
    }

    public void Rename(string path, string newPath)
    {
        RenameRule.Require(path, newPath);
        lock (_sync)
        {
            var (folder, name) = Find("rename", path);
            var newName = MemoryPath.NameOf(newPath);
            if (!folder.Names.TryGetValue(name, out var node)) throw NotFound("rename", path);
            folder.Names.TryGetValue(newName, out var replaced);
            if (replaced == node) return;
            if (replaced is MemoryFolder || (replaced is not null && node is MemoryFolder)) throw Exists("rename", newPath);
            Ask(DiskOperation.Rename, path);
            folder.Rename(name, newName);
            if (replaced is MemoryContent content) LetGo(content);
        }
    }

    public void DeleteFile(string path)
    {
        lock (_sync)
        {
            var (folder, name) = Find("delete", path);
            if (!folder.Names.TryGetValue(name, out var node) || node is not MemoryContent content) throw NotFound("delete", path);
            Ask(DiskOperation.Delete, path);
            folder.Remove(name);
            LetGo(content);
        }
    }

    public void DeleteFolder(string path)
    {
        lock (_sync)
        {
            var (above, name) = Find("delete folder", path);
            if (!above.Names.TryGetValue(name, out var node) || node is not MemoryFolder folder) throw NotFound("delete folder", path);
            if (folder.Names.Count > 0) throw new DiskException(DiskFault.Failed, "delete folder", path, "it is not empty");
            Ask(DiskOperation.Delete, path);
            above.Remove(name);
        }
    }

    public void FlushFolder(string path)
    {
        lock (_sync)
        {
            if (MemoryPath.Find(_root, path) is not MemoryFolder folder) throw NotFound("flush folder", path);
            Ask(DiskOperation.FlushFolder, path, folder.ForgetPending);
            folder.Flush();
        }
    }

    public bool TryFlushDisk(string path)
    {
        lock (_sync)
        {
            if (MemoryPath.Find(_root, path) is null) throw NotFound("flush the disk of", path);
            Ask(DiskOperation.FlushDisk, path, () => ForEachNode(static node => node.LosePending()));
            if (keepsHistory) ForEachNode(static node => node.Flush());
            return true;
        }
    }

    public long FreeSpace(string path)
    {
        lock (_sync) return MemoryPath.Find(_root, path) is null ? throw NotFound("ask the free space of", path) : _room.Free;
    }

    public IDisposable? TryLock(string path)
    {
        lock (_sync)
        {
            var (folder, name) = Find("lock", path);
            var taken = MemoryPath.Clean(path);
            if (_locks.Contains(taken)) return null;
            if (!folder.Names.TryGetValue(name, out var node)) node = Create(folder, name, path);
            if (node is MemoryFolder) throw new DiskException(DiskFault.Denied, "lock", path, "it is a folder");
            _locks.Add(taken);
            return new HeldLock(this, taken);
        }
    }

    /// <summary>The disk as another process finds it after the power was cut now. Open files, locks and hooks are gone.</summary>
    public MemoryFileSystem AfterCrash(Random chance)
    {
        ArgumentNullException.ThrowIfNull(chance);
        if (!keepsHistory) throw new InvalidOperationException("this disk keeps no history to crash from; make it with keepsHistory: true");
        lock (_sync)
        {
            var after = new MemoryFileSystem { Capacity = Capacity };
            after._root = (MemoryFolder)_root.AfterCrash(chance, after._room, after._sync);
            return after;
        }
    }

    /// <param name="onFault">What a fault does beyond failing; the power going does nothing more.</param>
    internal void Ask(DiskOperation operation, string path, Action? onFault = null)
    {
        if (Interlocked.Increment(ref _operations) > StopsAfter)
            throw new DiskException(DiskFault.Failed, operation.ToString(), path, "the power is gone");
        if (Fault?.Invoke(operation, path) is not { } fault) return;
        onFault?.Invoke();
        throw fault == DiskFault.Full ? Full(operation.ToString(), path)
            : new DiskException(fault, operation.ToString(), path, "a fault was put in");
    }

    internal static DiskException Full(string operation, string path) => new(DiskFault.Full, operation, path, "no space is left");

    private MemoryContent Create(MemoryFolder folder, string name, string path)
    {
        Ask(DiskOperation.Create, path);
        var content = new MemoryContent(_room, keepsHistory ? _sync : new Lock(), keepsHistory);
        content.Hold();
        folder.Set(name, content);
        return content;
    }

    private MemoryFile Hold(MemoryContent content, string path)
    {
        lock (content.Sync) content.Hold();
        return new MemoryFile(this, path, content);
    }

    private static void LetGo(MemoryContent content)
    {
        lock (content.Sync) content.LetGo();
    }

    private static long LengthOf(MemoryContent content)
    {
        lock (content.Sync) return content.Length;
    }

    private void ForEachNode(Action<MemoryNode> action)
    {
        action(_root);
        _root.ForEachBelow(action);
    }

    private (MemoryFolder Folder, string Name) Find(string operation, string path) =>
        MemoryPath.Above(_root, path) is { } folder ? (folder, MemoryPath.NameOf(path)) : throw NotFound(operation, path);

    private static DiskException Exists(string operation, string path) => new(DiskFault.Exists, operation, path, "it exists already");

    private static DiskException NotFound(string operation, string path) => new(DiskFault.NotFound, operation, path, "it is not there");

    private sealed class HeldLock(MemoryFileSystem disk, string path) : IDisposable
    {
        private bool _released;

        public void Dispose()
        {
            lock (disk._sync)
            {
                // A second time it would be somebody else's lock.
                if (!_released) disk._locks.Remove(path);
                _released = true;
            }
        }
    }
}
