using Moldau.Storage.Indexes;

namespace Moldau.Storage.Logs;

/// <summary>Makes the entries of a segment's indexes while somebody walks its batches.</summary>
internal sealed class IndexBuilder(SegmentIndexes indexes, int interval)
{
    private long _max = indexes.Times.Last.Timestamp;
    private long _offsetOfMax = indexes.Times.Last.Offset;
    private int _sinceEntry;

    public SegmentIndexes Indexes { get; } = indexes;

    /// <summary>A batch behind the last entries that is to have none: it may still be the youngest.</summary>
    public void Pass(long lastOffset, long maxTimestamp)
    {
        if (maxTimestamp > _max) (_max, _offsetOfMax) = (maxTimestamp, lastOffset);
    }

    public void Add(int position, int size, long lastOffset, long maxTimestamp)
    {
        Pass(lastOffset, maxTimestamp);
        if (_sinceEntry > interval)
        {
            // Known already where the walk began before the last entry.
            if (Indexes.Offsets.Count == 0 || lastOffset > Indexes.Offsets.Last.Offset) Indexes.Offsets.Add(lastOffset, position);
            AddTime();
            _sinceEntry = 0;
        }

        _sinceEntry += size;
    }

    /// <summary>The index of times ends with the greatest one, so that nobody has to walk a segment for it.</summary>
    public SegmentIndexes Complete()
    {
        AddTime();
        return Indexes;
    }

    private void AddTime()
    {
        if (_max >= 0 && _max > Indexes.Times.Last.Timestamp) Indexes.Times.Add(_max, _offsetOfMax);
    }
}
