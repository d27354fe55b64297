using Moldau.Storage.Files;

namespace Moldau.Storage.Facts.Journal;

/// <summary>
/// The store's file: opened, appended to, written anew. Used by one writer. After <see cref="WriteResult.InDoubt"/> it
/// must not be written to again.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    public const string Name = "facts.journal";

    private readonly IFileSystem _disk;
    private readonly string _folder;
    private readonly Random _chance;
    private readonly string _path;
    private readonly string _temporaryPath;
    private IFile? _file;
    private uint _seed;
    private long _end;
    private long _sealedEnd;

    private JournalFile(IFileSystem disk, string folder, Random chance)
    {
        _disk = disk;
        _folder = folder;
        _chance = chance;
        _path = PathIn(folder);
        _temporaryPath = _path + ".tmp";
    }

    /// <summary>Why the last call did not end as <see cref="WriteResult.Durable"/>.</summary>
    public DiskException? LastFault { get; private set; }

    /// <summary>Appended since the file was last written anew.</summary>
    public long Appended => _end - _sealedEnd;

    public long SealedLength => _sealedEnd;

    public static string PathIn(string folder) => folder + "/" + Name;

    /// <summary>Opens the file or makes it. Faults of the disk are thrown, but for a full one: the store can be read then.</summary>
    public static JournalFile Open(IFileSystem disk, string folder, Random chance, out FactHistory history, out FactOpening found)
    {
        var journal = new JournalFile(disk, folder, chance);
        try
        {
            history = journal.Open(out found);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>One frame, one flush.</summary>
    public WriteResult Append(ReadOnlySpan<byte> payload)
    {
        var frame = Frame.Build(payload, _seed);
        try
        {
            _file!.Write(_end, frame);
        }
        catch (DiskException fault)
        {
            return CutBack(fault);
        }

        try
        {
            _file.Flush();
        }
        catch (DiskException fault)
        {
            // The kernel may have dropped the pages and marked them clean: a second flush would prove nothing.
            return Failed(WriteResult.InDoubt, fault);
        }

        _end += frame.Length;
        return WriteResult.Durable;
    }

    /// <summary>Replaces the file by one that holds this history, as one step.</summary>
    public WriteResult Replace(FactHistory history)
    {
        IFile? made = null;
        var header = FileHeader.Build(_chance.NextInt64());
        long length;
        try
        {
            RemoveTemporary();
            made = _disk.Open(_temporaryPath, OpenMode.New);
            length = WholeFile.Write(made, history, header);
        }
        catch (DiskException fault)
        {
            made?.Dispose();
            TryRemove(_temporaryPath);
            return Failed(WriteResult.NotWritten, fault);
        }

        // Closed before: Windows replaces no open file. Opened again after, so that faults name the file as it is called.
        made.Dispose();
        _file?.Dispose();
        try
        {
            _disk.Rename(_temporaryPath, _path);
            _file = _disk.Open(_path, OpenMode.Existing);
        }
        catch (DiskException fault)
        {
            return Failed(TryReturnToOld() ? WriteResult.NotWritten : WriteResult.InDoubt, fault);
        }

        _seed = FileHeader.SeedOf(header);
        _end = _sealedEnd = length;
        try
        {
            _disk.FlushFolder(_folder);
        }
        catch (DiskException fault)
        {
            // After a crash the old file may be back: nothing may be acknowledged in the new one.
            return Failed(WriteResult.InDoubt, fault);
        }

        return WriteResult.Durable;
    }

    /// <summary>
    /// Writes what was found anew, the torn tail aside. Always done after appends: they may lie in the page cache alone, and
    /// where a flush failed before, a flush now would succeed and prove nothing.
    /// </summary>
    private WriteResult Settle(FileContent content, out string? cutPath)
    {
        cutPath = null;
        if (content.Tail == TailState.Torn)
        {
            try
            {
                cutPath = KeepTail(content);
            }
            catch (DiskException fault)
            {
                return Failed(WriteResult.NotWritten, fault);
            }
        }

        return Replace(content.History);
    }

    public void Dispose() => _file?.Dispose();

    private FactHistory Open(out FactOpening found)
    {
        DurableFolder.Ensure(_disk, _folder);
        var removed = RemoveTemporary();
        if (!_disk.FileExists(_path))
        {
            var empty = FactHistory.StartingAt(0, FactImage.Empty);
            if (Replace(empty) != WriteResult.Durable) throw LastFault!;
            found = new FactOpening(Created: true, removed, 0, 0, null);
            return empty;
        }

        _file = _disk.Open(_path, OpenMode.Existing);
        var content = FileReading.Read(_file);
        _seed = content.Seed;
        _sealedEnd = content.SealedEnd;
        _end = content.SoundEnd;
        // The name may not be durable yet, where the process died between rename and flush.
        _disk.FlushFolder(_folder);

        string? cutPath = null;
        if (!content.IsSealedOnly)
        {
            // Also where the disk is full: a flush in place would prove nothing where one had failed before this process
            // began, and what is served after it might be gone after the next crash.
            if (Settle(content, out cutPath) != WriteResult.Durable) throw LastFault!;
        }

        found = new FactOpening(Created: false, removed, content.Length - content.SoundEnd, content.SoundEnd, cutPath);
        return content.History;
    }

    private string KeepTail(FileContent content)
    {
        var cutPath = _path + ".cut";
        for (var number = 2; _disk.FileExists(cutPath); number++) cutPath = $"{_path}.{number}.cut";
        var tail = new byte[content.Length - content.SoundEnd];
        _file!.Read(content.SoundEnd, tail);
        try
        {
            using var cut = _disk.Open(cutPath, OpenMode.New);
            cut.Write(0, tail);
            cut.Flush();
            _disk.FlushFolder(_folder);
            return cutPath;
        }
        catch (DiskException)
        {
            // Half of it would only pass for the whole.
            TryRemove(cutPath);
            throw;
        }
    }

    private WriteResult CutBack(DiskException writeFault)
    {
        try
        {
            // Flushed before it is told: what was written of the frame could otherwise come back after a crash.
            _file!.SetLength(_end);
            _file.Flush();
            return Failed(WriteResult.NotWritten, writeFault);
        }
        catch (DiskException)
        {
            return Failed(WriteResult.InDoubt, writeFault);
        }
    }

    private WriteResult Failed(WriteResult result, DiskException fault)
    {
        LastFault = fault;
        return result;
    }

    /// <summary>A rename that failed left the temporary file where it was, or else it was made all the same.</summary>
    private bool TryReturnToOld()
    {
        if (!_disk.FileExists(_temporaryPath)) return false;
        TryRemove(_temporaryPath);
        try
        {
            if (_file is not null) _file = _disk.Open(_path, OpenMode.Existing);
            return true;
        }
        catch (DiskException)
        {
            return false;
        }
    }

    private bool RemoveTemporary()
    {
        if (!_disk.FileExists(_temporaryPath)) return false;
        _disk.DeleteFile(_temporaryPath);
        return true;
    }

    private void TryRemove(string path)
    {
        try
        {
            if (_disk.FileExists(path)) _disk.DeleteFile(path);
        }
        catch (DiskException)
        {
            // A temporary file is removed before the next one is made, and at the next start.
        }
    }
}
