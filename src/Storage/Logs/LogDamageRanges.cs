namespace Moldau.Storage.Logs;

/// <summary>What of a log is known to be damaged or gone. Written when a log is opened or looked through, read by anybody.</summary>
public sealed class LogDamageRanges
{
    private volatile LogDamageRange[] _ranges;

    public LogDamageRanges(IReadOnlyList<LogDamageRange> ranges) => _ranges = [.. ranges];

    public IReadOnlyList<LogDamageRange> All => _ranges;

    public void Add(LogDamageRange range) => _ranges = [.. _ranges, range];

    public LogDamageRange? At(long offset)
    {
        foreach (var range in _ranges)
        {
            if (offset >= range.From && offset < range.UpTo) return range;
        }

        return null;
    }

    /// <summary>Where damage begins above an offset; the largest number where none does.</summary>
    public long NextAbove(long offset)
    {
        var next = long.MaxValue;
        foreach (var range in _ranges)
        {
            if (range.From > offset && range.From < next) next = range.From;
        }

        return next;
    }
}
