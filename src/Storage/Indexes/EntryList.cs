namespace Moldau.Storage.Indexes;

/// <summary>
/// A list that one thread changes while others read it, without a lock: what a reader has seen is never written again.
/// </summary>
internal sealed class EntryList<T>
    where T : struct
{
    private const int FirstCapacity = 16;

    private Block _block;

    public EntryList(T[] entries) => _block = new Block(entries, entries.Length);

    public ReadOnlySpan<T> Entries
    {
        get
        {
            var block = Volatile.Read(ref _block);
            return block.Items.AsSpan(0, Volatile.Read(ref block.Count));
        }
    }

    public void Add(T entry)
    {
        var block = _block;
        if (block.Count == block.Items.Length)
        {
            var items = new T[Math.Max(FirstCapacity, block.Count * 2)];
            block.Items.CopyTo(items, 0);
            Volatile.Write(ref _block, block = new Block(items, block.Count));
        }

        block.Items[block.Count] = entry;
        // The count says that the entry is whole.
        Volatile.Write(ref block.Count, block.Count + 1);
    }

    public void Truncate(int count)
    {
        // A copy: a reader may still be searching in what is cut off.
        if (count < _block.Count) Volatile.Write(ref _block, new Block(_block.Items[..count], count));
    }

    private sealed class Block(T[] items, int count)
    {
        public readonly T[] Items = items;
        public int Count = count;
    }
}
