using Moldau.Storage.Files;

namespace Moldau.Storage.Indexes;

/// <summary>
/// The entries of one index file, in memory. One writer adds and truncates; any thread searches. The file follows when the
/// writer says so.
/// </summary>
public abstract class EntryIndex<T>
    where T : struct
{
    private readonly EntryList<T> _list;
    private readonly int _entrySize;
    private int _saved;

    private protected EntryIndex(T[] entries, int entrySize)
    {
        _list = new EntryList<T>(entries);
        _entrySize = entrySize;
        _saved = entries.Length;
    }

    public int Count => _list.Entries.Length;

    /// <summary>As long as the file is once it has all entries.</summary>
    public long Length => (long)Count * _entrySize;

    private protected ReadOnlySpan<T> Entries => _list.Entries;

    /// <summary>
    /// Writes the entries that the file does not have, and cuts off what it should not. Flushing it is the caller's
    /// affair. Where it throws, the next call writes the same again.
    /// </summary>
    public void SaveTo(IFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var position = (long)_saved * _entrySize;
        // A tail of zeros, what a truncation left, or half of a write that failed.
        if (file.Length > position) file.SetLength(position);
        var added = _list.Entries[_saved..];
        if (added.IsEmpty) return;
        var bytes = new byte[added.Length * _entrySize];
        for (var i = 0; i < added.Length; i++) Encode(added[i], bytes.AsSpan(i * _entrySize, _entrySize));
        file.Write(position, bytes);
        _saved += added.Length;
    }

    /// <summary>Cuts off what the file should not have, and writes nothing.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool CutFile(IFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var position = (long)_saved * _entrySize;
        if (file.Length <= position) return false;
        file.SetLength(position);
        return true;
    }

    private protected void Append(T entry) => _list.Add(entry);

    private protected void Keep(int count)
    {
        _list.Truncate(count);
        _saved = Math.Min(_saved, count);
    }

    private protected abstract void Encode(T entry, Span<byte> destination);
}
