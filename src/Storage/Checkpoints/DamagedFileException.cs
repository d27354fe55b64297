using System.Globalization;

namespace Moldau.Storage.Checkpoints;

/// <summary>A file beside the log holds what its format does not allow. Nothing of it was used.</summary>
public sealed class DamagedFileException : IOException
{
    private const int LongestValue = 80;

    private DamagedFileException(string path, string place, string expected, string value, string advice)
        : base($"{path}, {place}: expected {expected}, found {value}; {advice}")
    {
        Path = path;
        Value = value;
    }

    public string Path { get; }

    /// <summary>What stands there, shortened where it is long.</summary>
    public string Value { get; }

    /// <summary>From 1; none where the file has no lines.</summary>
    public int? Line { get; private init; }

    /// <summary>From 0; none where the place is a line.</summary>
    public long? Position { get; private init; }

    public static DamagedFileException AtLine(string path, int line, string expected, string value, string advice) =>
        new(path, "line " + line.ToString(CultureInfo.InvariantCulture), expected, Quoted(value), advice) { Line = line };

    public static DamagedFileException AtByte(string path, long position, string expected, string value, string advice) =>
        new(path, "byte " + position.ToString(CultureInfo.InvariantCulture), expected, value, advice) { Position = position };

    // What is damaged may be megabytes without a line's end.
    private static string Quoted(string value) => value.Length <= LongestValue ? $"'{value}'" : $"'{value[..LongestValue]}...'";
}
