using System.Globalization;
using System.Text;

namespace Moldau.Storage.Checkpoints;

/// <summary>
/// The text that Kafka's checkpoints share: a line with the version, one with the number of entries, then a line an entry.
/// A file of no bytes has no entries: Kafka makes one before it writes to it.
/// </summary>
internal sealed class CheckpointLines
{
    private const string Version = "0";
    private const int FirstEntryLine = 3;

    private readonly string _path;
    private readonly string _advice;
    private readonly string[] _lines;

    private CheckpointLines(string path, string advice, string[] lines)
    {
        _path = path;
        _advice = advice;
        _lines = lines;
    }

    public int Count => _lines.Length;

    /// <param name="bytes">The file.</param>
    /// <param name="path">Named in errors.</param>
    /// <param name="advice">What to do about a damaged one.</param>
    public static CheckpointLines Parse(ReadOnlySpan<byte> bytes, string path, string advice)
    {
        if (bytes.IsEmpty) return new CheckpointLines(path, advice, []);
        var lines = Encoding.UTF8.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        // Without this a last line that was cut short would be taken for a smaller number.
        if (lines[^1].Length > 0)
            throw DamagedFileException.AtLine(path, lines.Length, "the end of the line at the end of the file", lines[^1], advice);
        if (lines[0] != Version) throw DamagedFileException.AtLine(path, 1, "version " + Version, lines[0], advice);
        var entries = lines.Length - FirstEntryLine;
        if (entries < 0) throw DamagedFileException.AtLine(path, 2, "the number of entries", "the end of the file", advice);
        if (!WholeNumber.TryParse(lines[1], out int count))
            throw DamagedFileException.AtLine(path, 2, "the number of entries", lines[1], advice);
        return count == entries
            ? new CheckpointLines(path, advice, lines[2..^1])
            : throw DamagedFileException.AtLine(path, 2, $"the number of entries, which is {entries}", lines[1], advice);
    }

    public static byte[] Format(StringBuilder entries, int count) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Version}\n{count}\n{entries}"));

    /// <summary>The words of an entry.</summary>
    public string[] Words(int entry, int count, string expected)
    {
        var words = _lines[entry].Split(' ');
        return words.Length == count ? words : throw Damaged(entry, expected, _lines[entry]);
    }

    public int Int32(int entry, string word, string what) =>
        WholeNumber.TryParse(word, out int value) ? value : throw Damaged(entry, what, word);

    public long Int64(int entry, string word, string what) =>
        WholeNumber.TryParse(word, out long value) ? value : throw Damaged(entry, what, word);

    public DamagedFileException Damaged(int entry, string expected, string found) =>
        DamagedFileException.AtLine(_path, entry + FirstEntryLine, expected, found, _advice);
}
