namespace Moldau.Coordination.Deliveries;

/// <summary>The rows of a share-partition, in the order of their offsets; each begins where the one before it ends.</summary>
internal sealed class DeliveryRows
{
    private const int Least = 4;

    private DeliveryRow[] _rows = new DeliveryRow[Least];

    public int Count { get; private set; }

    public ref DeliveryRow this[int index] => ref _rows[index];

    /// <summary>How many it has room for.</summary>
    public int Capacity => _rows.Length;

    /// <returns>The row an offset lies in; the number of rows where it lies behind all.</returns>
    public int IndexOf(long offset)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_rows[middle].Last < offset) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    public void Add(in DeliveryRow row)
    {
        if (Count > 0 && row.Continues(_rows[Count - 1]))
        {
            _rows[Count - 1].Last = row.Last;
            return;
        }

        MakeRoom();
        _rows[Count++] = row;
    }

    /// <summary>Cuts a row so that one of it is just the offsets asked for, which must lie in it.</summary>
    /// <returns>Where that one is.</returns>
    public int Cut(int index, long first, long last)
    {
        if (_rows[index].First < first)
        {
            Split(index, first);
            index++;
        }

        if (_rows[index].Last > last) Split(index, last + 1);
        return index;
    }

    public void RemoveFirst(int rows)
    {
        if (rows == 0) return;
        Array.Copy(_rows, rows, _rows, 0, Count - rows);
        Shorten(Count - rows);
    }

    /// <summary>Makes one row of neighbours that nothing tells apart.</summary>
    public void Join()
    {
        if (Count < 2) return;
        var kept = 0;
        for (var i = 1; i < Count; i++)
        {
            if (_rows[i].Continues(_rows[kept])) _rows[kept].Last = _rows[i].Last;
            else if (++kept != i) _rows[kept] = _rows[i];
        }

        Shorten(kept + 1);
    }

    private void Split(int index, long at)
    {
        MakeRoom();
        Array.Copy(_rows, index, _rows, index + 1, Count - index);
        Count++;
        _rows[index].Last = at - 1;
        _rows[index + 1].First = at;
    }

    private void MakeRoom()
    {
        if (Count == _rows.Length) Array.Resize(ref _rows, Count * 2);
    }

    private void Shorten(int count)
    {
        // A name that nobody is called by any more must not be kept alive by what lies behind the end.
        Array.Clear(_rows, count, Count - count);
        Count = count;
        if (_rows.Length > Least && count <= _rows.Length / 8) Array.Resize(ref _rows, Math.Max(Least, count * 2));
    }
}
