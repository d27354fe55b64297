using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;

namespace Moldau.Storage.Folders;

/// <summary>One checkpoint of a data folder and what it holds: where nothing has changed it is not written.</summary>
internal sealed class SavedOffsets(IFileSystem disk, string path)
{
    private readonly OffsetCheckpoint _file = new(disk, path);
    private List<PartitionOffset>? _saved;

    public string Path { get; } = path;

    /// <exception cref="DamagedFileException">It is not one, or it is gone.</exception>
    public IReadOnlyList<PartitionOffset> Read()
    {
        // One is made with the folder, so that none is a loss and not a beginning.
        if (!disk.FileExists(Path)) throw DamagedFileException.AtByte(Path, 0, "the file", "none", "every data folder has had one: restore it from a copy");
        var entries = _file.Read();
        _saved = [.. entries];
        return entries;
    }

    /// <summary>Durable when it returns.</summary>
    public void Save(List<PartitionOffset> entries)
    {
        if (_saved is not null && AreSame(_saved, entries)) return;
        // What the file holds after a failure, nobody knows.
        _saved = null;
        _file.Write(entries);
        _saved = entries;
    }

    private static bool AreSame(List<PartitionOffset> one, List<PartitionOffset> other)
    {
        if (one.Count != other.Count) return false;
        for (var i = 0; i < one.Count; i++)
        {
            if (one[i] != other[i]) return false;
        }

        return true;
    }
}
