namespace Moldau.Storage.Producers;

/// <summary>
/// Transactions in the order of their first offsets. They begin in that order, so one is nearly always added at the end;
/// a sorted list then moves nothing and allocates nothing.
/// </summary>
internal sealed class TransactionSpans
{
    private readonly List<TransactionSpan> _spans = [];

    public int Count => _spans.Count;

    public long? FirstOffset => _spans.Count == 0 ? null : _spans[0].FirstOffset;

    /// <summary>The producer of the one that begins first; there must be one.</summary>
    public long FirstProducer => _spans[0].ProducerId;

    /// <summary>Adds it; one with the same first offset is replaced.</summary>
    public void Add(in TransactionSpan span)
    {
        if (_spans.Count == 0 || _spans[^1].FirstOffset < span.FirstOffset)
        {
            _spans.Add(span);
            return;
        }

        var place = PlaceOf(span.FirstOffset);
        if (_spans[place].FirstOffset == span.FirstOffset) _spans[place] = span;
        else _spans.Insert(place, span);
    }

    public void Remove(long firstOffset)
    {
        var place = PlaceOf(firstOffset);
        if (place < _spans.Count && _spans[place].FirstOffset == firstOffset) _spans.RemoveAt(place);
    }

    /// <summary>Where the first one of any other producer begins.</summary>
    public long? FirstOffsetOfOthers(long producerId)
    {
        foreach (var span in _spans)
        {
            if (span.ProducerId != producerId) return span.FirstOffset;
        }

        return null;
    }

    public void RemoveEndedBelow(long offset)
    {
        if (_spans.Count == 0) return;
        var kept = 0;
        for (var i = 0; i < _spans.Count; i++)
        {
            var span = _spans[i];
            if (span.LastOffset >= 0 && span.LastOffset < offset) continue;
            _spans[kept++] = span;
        }

        _spans.RemoveRange(kept, _spans.Count - kept);
    }

    public void Clear() => _spans.Clear();

    /// <summary>Where one with this first offset is, or would be.</summary>
    private int PlaceOf(long firstOffset)
    {
        var (low, high) = (0, _spans.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_spans[middle].FirstOffset < firstOffset) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
