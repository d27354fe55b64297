namespace Moldau.Coordination.Deliveries;

/// <summary>
/// The records of a share-partition that have a key and are not done with: a line for each key, in which only the first may be
/// given to anybody. They are learned from the log in its order, from the start on.
/// </summary>
internal sealed class KeyLines(long known)
{
    private const long Nobody = -1;

    private readonly Dictionary<long, (ulong Hash, long Next)> _records = [];
    private readonly Dictionary<ulong, (long First, long Last)> _lines = [];

    /// <summary>The keys of all below are known.</summary>
    public long Known { get; set; } = known;

    public int Count => _records.Count;

    /// <returns>Whether it has to wait for another.</returns>
    public bool Add(in RecordKey record)
    {
        var (offset, hash) = (record.Offset, record.Hash);
        var waits = _lines.TryGetValue(hash, out var line);
        if (waits) _records[line.Last] = (hash, offset);
        _lines[hash] = (waits ? line.First : offset, offset);
        _records.Add(offset, (hash, Nobody));
        return waits;
    }

    /// <summary>It is done with, or never had a key.</summary>
    /// <returns>Who is the first of its line now, and was not before; -1 for none.</returns>
    public long Remove(long offset)
    {
        if (!_records.Remove(offset, out var record)) return Nobody;
        var line = _lines[record.Hash];
        if (line.First != offset)
        {
            LeaveBetween(offset, record.Next, line);
            return Nobody;
        }

        if (record.Next == Nobody) _lines.Remove(record.Hash);
        else _lines[record.Hash] = line with { First = record.Next };
        return record.Next;
    }

    // Seldom: only one that was given to somebody before the order counted ends before those in front of it.
    private void LeaveBetween(long offset, long next, (long First, long Last) line)
    {
        var at = line.First;
        while (_records[at].Next != offset) at = _records[at].Next;
        var before = _records[at];
        _records[at] = before with { Next = next };
        if (line.Last == offset) _lines[before.Hash] = line with { Last = at };
    }
}
