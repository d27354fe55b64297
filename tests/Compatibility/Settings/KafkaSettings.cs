using System.Globalization;
using System.Text;
using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Settings;

/// <summary>Asks Kafka's own classes about settings.</summary>
internal static class KafkaSettings
{
    private static readonly string[] Answers = ["setting", "mode", "stands-in", "taken", "read", "refused"];

    private static readonly Lazy<Task<IReadOnlyList<string>>> AllFacts = new(static () => AskAsync("Kafka's settings", ["facts"]));

    /// <summary>The lines of a kind, in parts, without the kind.</summary>
    public static async Task<List<string[]>> FactsAsync(string kind) =>
        [.. (await AllFacts.Value).Select(static line => line.Split('\t')).Where(parts => parts[0] == kind).Select(static parts => parts[1..])];

    /// <summary>The answers, without what Kafka logs between them.</summary>
    public static async Task<IReadOnlyList<string>> AskAsync(string purpose, IEnumerable<string> questions) =>
        [.. (await KafkaJars.RunAsync(purpose, TimeSpan.FromSeconds(90), "Settings", questions)).Where(static line => Array.Exists(Answers, answer => line == answer || line.StartsWith(answer + "\t", StringComparison.Ordinal)))];

    /// <summary>Four digits a letter, so that any text fits into a line.</summary>
    public static string Hex(string text)
    {
        var hex = new StringBuilder(text.Length * 4);
        foreach (var letter in text) hex.Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
        return hex.ToString();
    }

    public static string Hex(IEnumerable<KeyValuePair<string, string>> values)
    {
        var line = new StringBuilder("read\t");
        foreach (var (name, value) in values.OrderBy(static pair => pair.Key, StringComparer.Ordinal)) line.Append(Hex(name)).Append('=').Append(Hex(value)).Append(' ');
        return line.ToString();
    }
}
