using System.Globalization;

namespace Moldau.Host.Commands.Doctor.Reading;

/// <summary>What is mounted where, from the text of <c>/proc/self/mountinfo</c>, proc_pid_mountinfo(5).</summary>
internal sealed class MountTable(string text)
{
    private readonly List<(string Point, string Kind, string[] Options)> _mounts = [.. text.Split('\n').Select(Parse).OfType<(string, string, string[])>()];

    /// <returns>The kind of file system a path lies on and how it is mounted; null where nothing is known of it.</returns>
    public (string Kind, IReadOnlyList<string> Options)? Find(string path)
    {
        (string Point, string Kind, string[] Options)? found = null;
        foreach (var mount in _mounts)
        {
            // The last of several on the same point is the one on top.
            if (IsBelow(path, mount.Point) && mount.Point.Length >= (found?.Point.Length ?? 0)) found = mount;
        }

        return found is { } one ? (one.Kind, one.Options) : null;
    }

    private static bool IsBelow(string path, string point) =>
        point == "/" || path == point || path.StartsWith(point + "/", StringComparison.Ordinal);

    private static (string Point, string Kind, string[] Options)? Parse(string line)
    {
        var words = line.Split(' ');
        var separator = Array.IndexOf(words, "-");
        if (separator < 6 || words.Length < separator + 4) return null;
        return (Unescape(words[4]), words[separator + 1], [.. words[5].Split(','), .. words[separator + 3].Split(',')]);
    }

    /// <summary>Blanks and the like are written as a backslash and three octal digits.</summary>
    private static string Unescape(string text)
    {
        for (var i = text.IndexOf('\\', StringComparison.Ordinal); i >= 0 && i + 3 < text.Length; i = text.IndexOf('\\', i + 1))
        {
            var digits = text.AsSpan(i + 1, 3);
            if (digits.ContainsAnyExceptInRange('0', '7')) continue;
            var letter = (char)(((digits[0] - '0') * 64) + ((digits[1] - '0') * 8) + (digits[2] - '0'));
            text = string.Create(CultureInfo.InvariantCulture, $"{text[..i]}{letter}{text[(i + 4)..]}");
        }

        return text;
    }
}
