using Moldau.Storage.Files;

namespace Moldau.Storage.Logs;

/// <summary>
/// A segment's bytes, opened when somebody needs them. Who holds it can read to the end of what he holds, whatever becomes
/// of the segment: a deleted file's bytes stay until the last one lets go.
/// </summary>
internal sealed class SegmentFile(IFileSystem disk, Budget openFiles, string path) : Reclaimable
{
    private readonly Lock _sync = new();
    private IFile? _file;
    private int _holders;
    private bool _isGone;

    public string Path { get; private set; } = path;

    /// <returns>False where it was deleted: the list of segments has changed since it was read.</returns>
    public bool TryHold(out IFile file)
    {
        var opened = false;
        lock (_sync)
        {
            file = _file!;
            if (_isGone) return false;
            if (_file is null)
            {
                _file = disk.Open(Path, OpenMode.Existing);
                opened = true;
            }

            file = _file;
            _holders++;
            WasUsed = true;
        }

        if (opened) openFiles.Add(this, 1);
        return true;
    }

    /// <exception cref="SegmentGoneException">It was deleted.</exception>
    public IFile Hold() => TryHold(out var file) ? file : throw new SegmentGoneException(Path);

    /// <summary>Makes the file, which must not be there, and holds it.</summary>
    public IFile Create()
    {
        lock (_sync)
        {
            _file = disk.Open(Path, OpenMode.New);
            _holders++;
        }

        openFiles.Add(this, 1);
        return _file;
    }

    public void LetGo()
    {
        lock (_sync)
        {
            _holders--;
            if (_holders > 0) return;
            if (_isGone) Close();
        }

        if (_isGone) openFiles.Remove(this);
        else openFiles.Trim();
    }

    /// <summary>Takes the name away. Who holds the bytes keeps them.</summary>
    public void Delete()
    {
        lock (_sync)
        {
            if (_isGone) return;
            disk.DeleteFile(Path);
            _isGone = true;
            if (_holders > 0) return;
            Close();
        }

        openFiles.Remove(this);
    }

    /// <summary>Gives the file another name in its folder; who holds it does not notice.</summary>
    public void Rename(string newPath)
    {
        lock (_sync)
        {
            disk.Rename(Path, newPath);
            Path = newPath;
        }
    }

    /// <summary>Closes it for good, without touching the name.</summary>
    public void Release()
    {
        lock (_sync)
        {
            _isGone = true;
            if (_holders > 0) return;
            Close();
        }

        openFiles.Remove(this);
    }

    internal override bool TryReclaim()
    {
        lock (_sync)
        {
            if (_holders > 0) return false;
            Close();
            return true;
        }
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
