namespace Moldau.Fuzz.Engine;

/// <summary>The inputs that once broke a target: <c>regressions/TARGET/*.hex</c>, hex digits, and comments behind a #.</summary>
internal static class Regressions
{
    private static string Root => Path.Combine(AppContext.BaseDirectory, "regressions");

    /// <summary>Every target that has any.</summary>
    public static IEnumerable<string> Targets() =>
        Directory.Exists(Root) ? Directory.EnumerateDirectories(Root).Select(static folder => Path.GetFileName(folder)!) : [];

    public static IReadOnlyList<byte[]> Of(string target)
    {
        var folder = Path.Combine(Root, target);
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.EnumerateFiles(folder, "*.hex").Order(StringComparer.Ordinal).Select(Parse)];
    }

    private static byte[] Parse(string file) =>
        Convert.FromHexString(string.Concat(File.ReadLines(file).Select(static line => line.Split('#')[0].Trim())));
}
