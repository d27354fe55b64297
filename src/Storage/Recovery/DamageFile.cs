using System.Globalization;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;

namespace Moldau.Storage.Recovery;

/// <summary>Says beside a log which of its offsets are lost. It is there before the log goes on without them, and stays until somebody accepts the loss.</summary>
internal static class DamageFile
{
    public const string Ending = ".corrupt";

    /// <summary>Of a loss that an operator has accepted.</summary>
    public const string AcceptedEnding = ".lost";

    private const string FromKey = "from";
    private const string UpToKey = "up.to";
    private const string ReasonKey = "reason";

    public static void Write(IFileSystem disk, string folder, LogDamageRange range) =>
        new AtomicFile(disk, PathOf(folder, range.From)).Replace(JavaProperties.Format(
        [
            new(FromKey, range.From.ToString(CultureInfo.InvariantCulture)),
            new(UpToKey, range.UpTo.ToString(CultureInfo.InvariantCulture)),
            new(ReasonKey, range.Reason),
        ]));

    /// <exception cref="DamagedFileException">It is not one.</exception>
    public static LogDamageRange Read(IFileSystem disk, string path)
    {
        var properties = JavaProperties.Parse(new AtomicFile(disk, path).Read() ?? [], path);
        return new LogDamageRange(Number(properties, FromKey, path), Number(properties, UpToKey, path),
            properties.TryGetValue(ReasonKey, out var reason) ? reason.Value : "",
            path.EndsWith(AcceptedEnding, StringComparison.Ordinal));
    }

    /// <summary>Keeps the loss on record, as one that is accepted; durably.</summary>
    public static void Accept(IFileSystem disk, string folder, LogDamageRange range)
    {
        Write(disk, folder, range);
        disk.Rename(PathOf(folder, range.From), Path.Combine(folder, SegmentName.Of(range.From, AcceptedEnding)));
        disk.FlushFolder(folder);
    }

    public static bool IsOne(string name) =>
        name.EndsWith(Ending, StringComparison.Ordinal) || name.EndsWith(AcceptedEnding, StringComparison.Ordinal);

    public static string PathOf(string folder, long from) => Path.Combine(folder, SegmentName.Of(from, Ending));

    private static long Number(Dictionary<string, JavaProperties.Setting> properties, string key, string path)
    {
        const string advice = "it says which offsets are lost; restore it, or delete it to accept the loss";
        if (!properties.TryGetValue(key, out var setting)) throw DamagedFileException.AtLine(path, 1, $"a line with {key}", "none in the whole file", advice);
        return WholeNumber.TryParse(setting.Value, out long value)
            ? value
            : throw DamagedFileException.AtLine(path, setting.Line, "an offset", setting.Value, advice);
    }
}
