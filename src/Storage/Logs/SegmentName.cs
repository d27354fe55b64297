using System.Globalization;

namespace Moldau.Storage.Logs;

/// <summary>What the files of a log are called: the first offset of their segment, in twenty digits, and an ending.</summary>
public static class SegmentName
{
    public const string Log = ".log";
    public const string Offsets = ".index";
    public const string Times = ".timeindex";
    public const string Transactions = ".txnindex";

    /// <summary>What compaction is writing.</summary>
    public const string Cleaned = ".cleaned";

    /// <summary>What compaction has finished, and is about to put in place of the originals.</summary>
    public const string Swap = ".swap";

    /// <summary>What Kafka renames a file to before it deletes it.</summary>
    public const string Deleted = ".deleted";

    /// <summary>An index that could not be read: it is there until what it said is found again and on disk.</summary>
    public const string Damaged = ".damaged";

    private const int Digits = 20;

    public static string Of(long baseOffset, string ending) => baseOffset.ToString("d20", CultureInfo.InvariantCulture) + ending;

    /// <summary>Reads a name of twenty digits and exactly this ending.</summary>
    public static bool TryParse(string name, string ending, out long baseOffset)
    {
        baseOffset = -1;
        return name.Length == Digits + ending.Length
            && name.EndsWith(ending, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out baseOffset);
    }
}
