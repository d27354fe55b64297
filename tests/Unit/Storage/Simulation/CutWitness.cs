using Moldau.Storage.Files;
using Moldau.Storage.Recovery;

namespace Moldau.Unit.Storage.Simulation;

/// <summary>Remembers the segments of a folder as a start found them, and where what the start took out of them is kept.</summary>
internal sealed class CutWitness
{
    private readonly IFileSystem _disk;
    private readonly string _folder;
    private readonly Dictionary<string, byte[]> _before;

    public CutWitness(IFileSystem disk, string folder)
    {
        _disk = disk;
        _folder = folder;
        _before = Read();
    }

    /// <summary>Nothing but zeros is gone without a copy and a word.</summary>
    /// <returns>How many files were cut.</returns>
    public int Check(IReadOnlyList<RecoveryNote> notes)
    {
        var after = Read();
        var count = 0;
        foreach (var (name, bytes) in _before)
        {
            if (!name.EndsWith(".log", StringComparison.Ordinal))
            {
                if (!after.TryGetValue(name, out var kept) || !kept.AsSpan().SequenceEqual(bytes)) throw new BrokenGuaranteeException($"{_folder}/{name}: what was kept aside is gone");
                continue;
            }

            var left = after.GetValueOrDefault(name) ?? [];
            if (left.Length > bytes.Length || !bytes.AsSpan(0, left.Length).SequenceEqual(left)) throw new BrokenGuaranteeException($"{_folder}/{name}: its bytes were changed at a start");
            var gone = bytes.AsSpan(left.Length).ToArray();
            if (gone.Length == 0) continue;
            count++;
            if (!notes.Any(note => note.Path == Path.Combine(_folder, name) && note.Row is RecoveryRow.T2 or RecoveryRow.T3 or RecoveryRow.T4 or RecoveryRow.T5))
                throw new BrokenGuaranteeException($"{_folder}/{name}: {gone.Length} bytes were cut, and nobody says so");
            if (gone.Any(static value => value != 0) && !after.Any(file => file.Key.StartsWith(name + ".cut", StringComparison.Ordinal) && file.Value.AsSpan().SequenceEqual(gone)))
                throw new BrokenGuaranteeException($"{_folder}/{name}: {gone.Length} bytes were cut, and are kept nowhere");
        }

        return count;
    }

    private Dictionary<string, byte[]> Read()
    {
        var files = new Dictionary<string, byte[]>();
        if (!_disk.FolderExists(_folder)) return files;
        foreach (var entry in _disk.List(_folder))
        {
            if (!entry.Name.EndsWith(".log", StringComparison.Ordinal) && !entry.Name.Contains(".log.cut", StringComparison.Ordinal)) continue;
            using var file = _disk.Open(Path.Combine(_folder, entry.Name), OpenMode.Existing);
            var bytes = new byte[file.Length];
            _ = file.Read(0, bytes);
            files.Add(entry.Name, bytes);
        }

        return files;
    }
}
