namespace Moldau.Storage.Files.Memory;

/// <summary>
/// One file's bytes as the page cache has them and, where a disk keeps its history, what of them is durable and the
/// changes between the two in the order they were made. Its room is taken as long as it has a name or is open.
/// </summary>
internal sealed class MemoryContent(MemoryRoom room, Lock sync, bool keepsHistory) : MemoryNode
{
    private readonly List<ContentChange> _pending = [];
    private readonly MemoryRoom _room = room;
    private MemoryBytes _cached = new();
    private MemoryBytes _durable = new();
    private int _holders;
    private bool _owesFault;

    /// <summary>
    /// A disk with history has one lock for everything, so that a crash sees all files at one moment; without history
    /// each file has its own.
    /// </summary>
    public Lock Sync { get; } = sync;

    public long Length => _cached.Length;

    public int Read(long position, Span<byte> destination) => _cached.Read(position, destination);

    /// <returns>How much of it fitted.</returns>
    public int Write(long position, ReadOnlySpan<byte> source)
    {
        var growth = Math.Max(0, position + source.Length - Length);
        var missing = growth - _room.Take(growth);
        var fits = (int)Math.Max(0, source.Length - missing);
        if (fits == 0)
        {
            // Not even the hole before the bytes fits.
            _room.Return(growth - missing);
            return 0;
        }

        _cached.Write(position, source[..fits]);
        if (keepsHistory) _pending.Add(ContentChange.Written(position, source[..fits]));
        return fits;
    }

    /// <returns>False where it does not fit; nothing was changed then.</returns>
    public bool TrySetLength(long length)
    {
        var growth = length - Length;
        if (growth < 0) _room.Return(-growth);
        var taken = _room.Take(growth);
        if (growth > 0 && taken < growth)
        {
            _room.Return(taken);
            return false;
        }

        _cached.SetLength(length);
        if (keepsHistory) _pending.Add(ContentChange.Cut(length));
        return true;
    }

    /// <summary>Only what is pending becomes durable: what a failed flush lost does not come back.</summary>
    public override void Flush()
    {
        foreach (var change in _pending) change.ApplyTo(_durable);
        _pending.Clear();
    }

    // A length that was set is the file system's own, as names are: it stays in doubt until a flush succeeds.
    public override void ForgetPending() => _pending.RemoveAll(static change => !change.IsLength);

    public override void LosePending()
    {
        _owesFault |= _pending.Count > 0;
        ForgetPending();
    }

    /// <summary>Whether something was lost that nobody who flushes this file was told of; once.</summary>
    public bool TakeFault()
    {
        var owes = _owesFault;
        _owesFault = false;
        return owes;
    }

    public void Hold() => _holders++;

    public void LetGo()
    {
        if (--_holders == 0) _room.Return(Length);
    }

    public override MemoryNode AfterCrash(Random chance, MemoryRoom room, Lock sync)
    {
        var bytes = ContentCrash.Survivor(_durable, _pending, chance);
        room.Occupy(bytes.Length);
        return new MemoryContent(room, sync, keepsHistory: true) { _cached = bytes, _durable = bytes.Copy(), _holders = 1 };
    }
}
