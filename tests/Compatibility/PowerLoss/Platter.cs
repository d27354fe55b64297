using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;

namespace Moldau.Compatibility.PowerLoss;

/// <summary>
/// A folder as its disk has it: what a process did there, by the journal of the preloaded library, is done once more to
/// the disk in memory that simulations crash, and what that one finds after a crash is what the folder is made to hold.
/// So a loss of power on the real file path leaves all that a simulated one may leave (docs/internals/log.md, "Disks").
/// </summary>
internal sealed class Platter
{
    private readonly Dictionary<ulong, IFile> _open = [];
    private readonly HashSet<string> _inDoubt = [];
    private MemoryFileSystem _disk = new();

    /// <summary>Flushes that ended well, of whatever kind.</summary>
    public int Flushes { get; private set; }

    /// <summary>Does what the process has done until it was killed.</summary>
    public void Replay(IReadOnlyList<JournalRecord> records)
    {
        var results = new Dictionary<ulong, long>();
        foreach (var record in records)
        {
            if (record.Kind == JournalKind.End) results[record.Serial] = record.Offset;
        }

        foreach (var record in records)
        {
            if (record.Kind == JournalKind.End) continue;
            if (!results.TryGetValue(record.Serial, out var result)) Doubt(record);
            else if (result >= 0) Do(record, result);
        }

        foreach (var (_, file) in _open) file.Dispose();
        _open.Clear();
    }

    /// <summary>What differs between the folder that the kill left, with all that the page cache knows, and what was written down; null where nothing does.</summary>
    public string? Difference(string folder)
    {
        var there = new HashSet<string>();
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)) there.Add(Path.GetRelativePath(folder, path));
        var known = new List<string>();
        Collect("", known);
        foreach (var path in known)
        {
            if (IsInDoubt(path)) continue;
            if (!there.Contains(path)) return $"{path} was written down, and is not there";
            if (_disk.FileExists(path) && !File.ReadAllBytes(Path.Combine(folder, path)).AsSpan().SequenceEqual(Content(path))) return $"{path} holds something else than was written down";
        }

        there.ExceptWith(known);
        there.RemoveWhere(IsInDoubt);
        return there.Count == 0 ? null : $"{there.First()} is there, and was not written down";
    }

    /// <summary>The power goes, and the folder becomes what is found afterwards.</summary>
    public void LosePower(Random chance, string folder)
    {
        _disk = _disk.AfterCrash(chance);
        _inDoubt.Clear();
        Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        var paths = new List<string>();
        Collect("", paths);
        foreach (var path in paths)
        {
            var real = Path.Combine(folder, path);
            if (_disk.FolderExists(path)) Directory.CreateDirectory(real);
            else File.WriteAllBytes(real, Content(path));
        }
    }

    private void Do(JournalRecord record, long result)
    {
        switch (record.Kind)
        {
            case JournalKind.Open: Open(record, isFolder: result == 1); break;
            case JournalKind.Close: Close(record); break;
            case JournalKind.Write: _open[record.File].Write(record.Offset, record.Data.Span[..(int)result]); break;
            case JournalKind.Length: _open[record.File].SetLength(record.Offset); break;
            case JournalKind.Rename: _disk.Rename(record.Path, record.OtherPath); break;
            case JournalKind.Unlink: _disk.DeleteFile(record.Path); break;
            case JournalKind.MakeFolder: _disk.CreateFolder(record.Path); break;
            case JournalKind.RemoveFolder: _disk.DeleteFolder(record.Path); break;
            default: Flush(record); break;
        }
    }

    private void Open(JournalRecord record, bool isFolder)
    {
        if (isFolder) return;
        var file = _disk.Open(record.Path, record.IsFirstFlag ? OpenMode.ExistingOrNew : OpenMode.Existing);
        if (record.IsSecondFlag && file.Length > 0) file.SetLength(0);
        _open.Add(record.File, file);
    }

    private void Close(JournalRecord record)
    {
        if (_open.Remove(record.File, out var file)) file.Dispose();
    }

    /// <summary>Where the record of its end stands does not matter: what was written while it ran is not known to be in it.</summary>
    private void Flush(JournalRecord record)
    {
        Flushes++;
        if (record.Kind == JournalKind.FlushDisk) FlushDisk(names: !record.IsFirstFlag);
        else if (record.Kind == JournalKind.Flush) _open[record.File].Flush();
        else if (_disk.FolderExists(record.Path)) _disk.FlushFolder(record.Path);
    }

    private void FlushDisk(bool names)
    {
        if (names) _disk.TryFlushDisk("");
        else foreach (var (_, file) in _open) file.Flush();
    }

    /// <summary>The kill came while the call was made: it told nobody, and whether it was made does not matter.</summary>
    private void Doubt(JournalRecord record)
    {
        if (record.Kind is JournalKind.Flush or JournalKind.FlushFolder or JournalKind.FlushDisk) return;
        _inDoubt.Add(record.Path);
        _inDoubt.Add(record.OtherPath);
        if (_open.TryGetValue(record.File, out var file)) _inDoubt.Add(file.Path);
    }

    /// <summary>A folder that was perhaps renamed takes along what is in it.</summary>
    private bool IsInDoubt(string path)
    {
        for (var part = path; !string.IsNullOrEmpty(part); part = Path.GetDirectoryName(part))
        {
            if (_inDoubt.Contains(part)) return true;
        }

        return false;
    }

    private void Collect(string folder, List<string> paths)
    {
        foreach (var entry in _disk.List(folder))
        {
            var path = Path.Combine(folder, entry.Name);
            paths.Add(path);
            if (entry.IsFolder) Collect(path, paths);
        }
    }

    private byte[] Content(string path)
    {
        using var file = _disk.Open(path, OpenMode.Existing);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }
}
