using System.Text.RegularExpressions;

namespace Moldau.Broker.Settings.Snapshots;

/// <summary>A subscription to the metrics of clients.</summary>
public sealed record ClientMetricsSettings
{
    private static readonly string[] Names = ["client_instance_id", "client_id", "client_software_name", "client_software_version", "client_source_address", "client_source_port"];

    /// <summary>In milliseconds.</summary>
    public required int PushInterval { get; init; }

    /// <summary>The beginnings of the names of the metrics that are wanted; <c>*</c> for all.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>All must fit; none is every client.</summary>
    public required IReadOnlyList<ClientMatch> Matches { get; init; }

    public static ClientMetricsSettings Of(IReadOnlyDictionary<string, string> own)
    {
        ArgumentNullException.ThrowIfNull(own);
        return new ClientMetricsSettings
        {
            PushInterval = (int)Value(own, "interval.ms"),
            Metrics = (string[])Value(own, "metrics"),
            Matches = [.. ((string[])Value(own, "match")).Select(static text => Parse(text, out _)).OfType<ClientMatch>()],
        };
    }

    /// <summary>What is wrong with <c>match</c>, a sentence; null where nothing is.</summary>
    internal static string? MatchFault(IReadOnlyDictionary<string, string> own)
    {
        foreach (var text in (string[])Value(own, "match"))
        {
            if (Parse(text, out var fault) is null) return $"'{text}' is not possible in match: {fault}";
        }

        return null;
    }

    /// <summary>Without backtracking: a pattern comes from outside and must not be able to hold the broker up.</summary>
    private static ClientMatch? Parse(string text, out string? fault)
    {
        fault = null;
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals].Trim();
        if (equals < 0) fault = "it takes NAME=PATTERN";
        else if (!Names.Contains(name)) fault = $"'{name}' is none of {string.Join(", ", Names)}{(NearestName.Find(name, Names) is { } near ? $"; did you mean {near}?" : "")}";
        var pattern = text[(equals + 1)..].Trim();
        if (pattern.Length == 0 || pattern.Contains('=', StringComparison.Ordinal)) fault ??= "its pattern must not be empty, or have another =";
        if (fault is not null) return null;
        try
        {
            return new ClientMatch(name, new Regex($"^(?:{pattern})\\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            fault = "the pattern is no regular expression that can be matched in one pass";
            return null;
        }
    }

    private static object Value(IReadOnlyDictionary<string, string> own, string name)
    {
        var setting = SettingTables.ClientMetrics[name];
        return own.TryGetValue(name, out var text) && SettingParser.Parse(setting, text, out var value) is null ? value! : SettingParser.Parse(setting, setting.Default!);
    }
}
