namespace Moldau.Storage.Logs;

/// <summary>
/// Bounds what the logs of a disk hold together: open files, or bytes of indexes. What was not used lately is given up for
/// what is wanted now; where everything is in use the bound is passed.
/// </summary>
internal sealed class Budget(long limit)
{
    private readonly Lock _sync = new();
    private readonly List<Reclaimable> _items = [];
    private int _hand;
    private long _used;

    /// <summary>A lower one is reached with the next that is added or let go.</summary>
    public long Limit { get; set; } = limit;

    public long Used
    {
        get
        {
            lock (_sync) return _used;
        }
    }

    /// <summary>Not to be called under the item's own lock: reclaiming takes others'.</summary>
    public void Add(Reclaimable item, long cost)
    {
        lock (_sync)
        {
            if (item.Slot >= 0) return;
            item.Slot = _items.Count;
            item.Cost = cost;
            item.WasUsed = true;
            _items.Add(item);
            _used += cost;
            GiveUp();
        }
    }

    /// <summary>Something is no longer in use: where the bound was passed for it, it is kept to again. Not to be called under an item's lock.</summary>
    public void Trim()
    {
        if (Volatile.Read(ref _used) <= Limit) return;
        lock (_sync) GiveUp();
    }

    public void Remove(Reclaimable item)
    {
        lock (_sync) Drop(item);
    }

    private void GiveUp()
    {
        // Twice round: once to take the marks away, once to find what stayed without.
        for (var looks = _items.Count * 2; looks > 0 && _used > Limit; looks--) Look();
    }

    private void Look()
    {
        if (_hand >= _items.Count) _hand = 0;
        var item = _items[_hand];
        if (item.WasUsed) item.WasUsed = false;
        else if (item.TryReclaim())
        {
            Drop(item);
            return;
        }

        _hand++;
    }

    private void Drop(Reclaimable item)
    {
        if (item.Slot < 0) return;
        var last = _items[^1];
        _items[item.Slot] = last;
        last.Slot = item.Slot;
        _items.RemoveAt(_items.Count - 1);
        item.Slot = -1;
        _used -= item.Cost;
    }
}
