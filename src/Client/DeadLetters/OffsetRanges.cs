using System.Globalization;
using System.Text;

namespace Moldau.Client.DeadLetters;

/// <summary>A set of offsets. What is added in rising order, as it mostly is, takes a row a gap.</summary>
internal sealed class OffsetRanges
{
    private readonly List<(long First, long Last)> _ranges = [];

    public bool IsEmpty => _ranges.Count == 0;

    public void Add(long first, long last)
    {
        var at = Find(first);
        // It may touch the one before, and swallow any number behind.
        if (at > 0 && _ranges[at - 1].Last >= first - 1) first = _ranges[--at].First;
        var end = at;
        while (end < _ranges.Count && _ranges[end].First <= (last == long.MaxValue ? last : last + 1)) last = Math.Max(last, _ranges[end++].Last);
        _ranges.RemoveRange(at, end - at);
        _ranges.Insert(at, (first, last));
    }

    public bool Contains(long offset) => Find(offset) is var at && ((at < _ranges.Count && _ranges[at].First == offset) || (at > 0 && _ranges[at - 1].Last >= offset));

    /// <summary>As in "5-17,19".</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (first, last) in _ranges)
        {
            if (text.Length > 0) text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $"{first}");
            if (last > first) text.Append(CultureInfo.InvariantCulture, $"-{last}");
        }

        return text.ToString();
    }

    /// <summary>The place of the first range that begins there or later.</summary>
    private int Find(long offset)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_ranges[middle].First < offset) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
