namespace Moldau.Storage.Logs;

/// <summary>
/// What of a log is known to be damaged or gone. Written when a log is opened and by readers that find something missing,
/// read by anybody.
/// </summary>
public sealed class LogDamageRanges
{
    private readonly Lock _sync = new();
    private volatile LogDamageRange[] _ranges;

    public LogDamageRanges(IReadOnlyList<LogDamageRange> ranges) => _ranges = [.. ranges];

    public IReadOnlyList<LogDamageRange> All => _ranges;

    public void Add(LogDamageRange range)
    {
        lock (_sync)
        {
            if (!Array.Exists(_ranges, known => known.From <= range.From && known.UpTo >= range.UpTo)) _ranges = [.. _ranges, range];
        }
    }

    public void Accept(LogDamageRange range)
    {
        lock (_sync) _ranges = Array.ConvertAll(_ranges, known => known == range ? range with { IsAccepted = true } : known);
    }

    /// <summary>The range an offset lies in, where nobody has accepted its loss.</summary>
    public LogDamageRange? At(long offset)
    {
        foreach (var range in _ranges)
        {
            if (!range.IsAccepted && offset >= range.From && offset < range.UpTo) return range;
        }

        return null;
    }

    public bool IsAccepted(long offset)
    {
        foreach (var range in _ranges)
        {
            if (range.IsAccepted && offset >= range.From && offset < range.UpTo) return true;
        }

        return false;
    }

    /// <summary>Where damage begins above an offset that readers must be told of; the largest number where none does.</summary>
    public long NextAbove(long offset)
    {
        var next = long.MaxValue;
        foreach (var range in _ranges)
        {
            if (!range.IsAccepted && range.From > offset && range.From < next) next = range.From;
        }

        return next;
    }
}
