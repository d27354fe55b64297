using System.Globalization;
using Moldau.Storage.Files;

namespace Moldau.Storage.Producers;

/// <summary>
/// The snapshots of producer states in a log's folder, named by the offset up to which they hold the log. Belongs to the
/// log's one writer.
/// </summary>
public sealed class ProducerSnapshotFiles
{
    private const string Extension = ".snapshot";
    private const int Digits = 20;

    private readonly IFileSystem _disk;
    private readonly string _folder;
    private readonly List<long> _offsets = [];

    // Those whose writing the disk has told as failed: it may have done it all the same, and then the file is there and
    // whole. It is right as long as the log is not cut below it.
    private readonly List<long> _doubtful = [];

    // Nothing new to write where the states have not moved past it.
    private long _takenUpTo;

    public ProducerSnapshotFiles(IFileSystem disk, string folder)
        : this(disk, folder, FilesOf(disk, folder))
    {
    }

    /// <param name="disk">Where.</param>
    /// <param name="folder">The log's.</param>
    /// <param name="files">The names of its files, by whoever has just listed them.</param>
    internal ProducerSnapshotFiles(IFileSystem disk, string folder, IReadOnlyCollection<string> files)
    {
        _disk = disk;
        _folder = folder;
        foreach (var file in files)
        {
            if (TryParse(file, out var offset)) _offsets.Add(offset);
        }

        _offsets.Sort();
    }

    /// <summary>The offsets of the snapshots that are there, ascending.</summary>
    public IReadOnlyList<long> Offsets => _offsets;

    public static string NameOf(long offset) => offset.ToString("d20", CultureInfo.InvariantCulture) + Extension;

    public static bool TryParse(string name, out long offset)
    {
        offset = -1;
        return name.Length == Digits + Extension.Length
            && name.EndsWith(Extension, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out offset);
    }

    /// <summary>Writes the states down, durably.</summary>
    /// <returns>False where they have not moved since the last time.</returns>
    public bool Take(ProducerStates states)
    {
        if (Write(states) is not { } path) return false;
        using (var file = _disk.Open(path, OpenMode.Existing)) file.Flush();
        _disk.FlushFolder(_folder);
        return true;
    }

    /// <summary>Writes the states down; the file and its name are the caller's to flush before anything relies on them.</summary>
    /// <returns>The file's path; null where the states have not moved since the last time.</returns>
    public string? Write(ProducerStates states)
    {
        ArgumentNullException.ThrowIfNull(states);
        var offset = states.EndOffset;
        if (offset <= _takenUpTo) return null;
        var path = PathOf(offset);
        if (!_doubtful.Contains(offset)) _doubtful.Add(offset);
        using (var file = _disk.Open(path, OpenMode.ExistingOrNew))
        {
            file.SetLength(0);
            file.Write(0, ProducerSnapshot.Write(states.Producers));
        }

        _doubtful.Remove(offset);
        var place = _offsets.BinarySearch(offset);
        if (place < 0) _offsets.Insert(~place, offset);
        _takenUpTo = offset;
        return path;
    }

    /// <summary>
    /// Brings the states back to what a truncated or opened log says: snapshots outside it are removed, and the newest one
    /// that can be read is loaded. States that stand at the log's end already are left as they are.
    /// </summary>
    public ProducerReload Reload(ProducerStates states, long logStart, long logEnd, long now, long expirationMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(states);
        Remove(offset => offset > logEnd || offset <= logStart);
        if (states.EndOffset == logEnd)
        {
            LogStartMoved(states, logStart);
            return new ProducerReload(logEnd, []);
        }

        var unreadable = new List<CorruptSnapshotException>();
        while (_offsets.Count > 0)
        {
            var offset = _offsets[^1];
            try
            {
                var loaded = Read(offset);
                states.Clear(offset);
                foreach (var state in loaded)
                {
                    if (!ProducerStates.IsExpired(state, now, expirationMilliseconds)) states.Load(state);
                }

                _takenUpTo = offset;
                return new ProducerReload(offset, unreadable);
            }
            catch (CorruptSnapshotException corrupt)
            {
                unreadable.Add(corrupt);
                Remove(other => other == offset);
            }
        }

        states.Clear(logStart);
        _takenUpTo = logStart;
        return new ProducerReload(logStart, unreadable);
    }

    /// <summary>Fills states that hold nothing yet from one snapshot, and touches none.</summary>
    /// <returns>False where it cannot be read.</returns>
    public bool TryRestore(ProducerStates states, long offset)
    {
        ArgumentNullException.ThrowIfNull(states);
        try
        {
            foreach (var state in Read(offset)) states.Load(state);
            return true;
        }
        catch (CorruptSnapshotException)
        {
            return false;
        }
    }

    /// <summary>The log was emptied and goes on from the offset.</summary>
    public void StartAt(ProducerStates states, long offset)
    {
        ArgumentNullException.ThrowIfNull(states);
        Remove(static _ => true);
        states.Clear(offset);
        _takenUpTo = 0;
    }

    public void LogStartMoved(ProducerStates states, long logStart)
    {
        ArgumentNullException.ThrowIfNull(states);
        states.LogStartMoved(logStart);
        _takenUpTo = _offsets.Count > 0 ? _offsets[^1] : logStart;
    }

    /// <summary>
    /// Removes those whose offsets lie below, except where they are wanted: at the beginnings of segments, from where a log
    /// that is truncated is applied again. One that a crash brings back does no harm: it says what it always said.
    /// </summary>
    public void RemoveBelow(long offset, Predicate<long> isWanted)
    {
        for (var i = _offsets.Count - 1; i >= 0; i--)
        {
            if (_offsets[i] >= offset || isWanted(_offsets[i])) continue;
            _disk.DeleteFile(PathOf(_offsets[i]));
            _offsets.RemoveAt(i);
        }
    }

    public IReadOnlyList<ProducerState> Read(long offset)
    {
        var path = PathOf(offset);
        using var file = _disk.Open(path, OpenMode.Existing);
        var bytes = new byte[checked((int)file.Length)];
        var read = file.Read(0, bytes);
        return ProducerSnapshot.Read(bytes.AsSpan(0, read), path);
    }

    /// <summary>
    /// Durable before it returns: a snapshot above a cut that came back in a crash would be taken for the states of the
    /// log that has since grown past it.
    /// </summary>
    private void Remove(Predicate<long> isGone)
    {
        var count = _offsets.Count + _doubtful.Count;
        for (var i = _offsets.Count - 1; i >= 0; i--)
        {
            if (!isGone(_offsets[i])) continue;
            _disk.DeleteFile(PathOf(_offsets[i]));
            _offsets.RemoveAt(i);
        }

        RemoveDoubtful(isGone);
        if (_offsets.Count + _doubtful.Count < count) _disk.FlushFolder(_folder);
    }

    private void RemoveDoubtful(Predicate<long> isGone)
    {
        for (var i = _doubtful.Count - 1; i >= 0; i--)
        {
            if (!isGone(_doubtful[i])) continue;
            var path = PathOf(_doubtful[i]);
            if (_disk.FileExists(path)) _disk.DeleteFile(path);
            _doubtful.RemoveAt(i);
        }
    }

    private static List<string> FilesOf(IFileSystem disk, string folder)
    {
        ArgumentNullException.ThrowIfNull(disk);
        var files = new List<string>();
        foreach (var entry in disk.List(folder))
        {
            if (!entry.IsFolder) files.Add(entry.Name);
        }

        return files;
    }

    private string PathOf(long offset) => _folder + "/" + NameOf(offset);
}
