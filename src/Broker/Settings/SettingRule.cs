using System.Globalization;
using System.Text.RegularExpressions;

namespace Moldau.Broker.Settings;

/// <summary>What a setting's values must keep to, besides their type.</summary>
public sealed partial class SettingRule
{
    private readonly Func<object, string?> _fault;

    private SettingRule(string text, Func<object, string?> fault)
    {
        Text = text;
        _fault = fault;
    }

    public static SettingRule None { get; } = new("", static _ => null);

    /// <summary>A list in which every value says something.</summary>
    public static SettingRule NoGaps { get; } = new("", static value => GapIn((string[])value));

    /// <summary>The same, with something in it.</summary>
    public static SettingRule NonEmptyList { get; } = new("", static value => ((string[])value).Length == 0 ? "it takes at least one value" : GapIn((string[])value));

    public static SettingRule NonEmpty { get; } = new("non-empty string", static value => (string)value is "" ? "it must not be empty" : null);

    /// <summary>Partitions and nodes, or all of them.</summary>
    public static SettingRule ThrottledReplicas { get; } = new(
        "[partitionId]:[brokerId],[partitionId]:[brokerId],...",
        static value => (string[])value is ["*"] || Array.TrueForAll((string[])value, static replica => Replica().IsMatch(replica))
            ? null : "it takes PARTITION:NODE pairs between commas, or * for all");

    /// <summary>Where a share group begins that has read nothing yet.</summary>
    public static SettingRule ShareOffsetReset { get; } = new(
        "[latest, earliest, by_duration:PnDTnHnMn.nS]",
        static value => ShareOffsetResets.TryParse((string)value, out _) ? null : "it takes latest, earliest, or by_duration: with a duration that is not negative, such as by_duration:PT1H30M");

    /// <summary>As Kafka prints it, for the reference; empty where there is nothing to say.</summary>
    public string Text { get; }

    public static SettingRule AtLeast(long least) => new(
        $"[{least},...]", value => Number(value) < least ? $"it must be at least {least}" : null);

    public static SettingRule Between(double least, double most) => new(
        $"[{Plain(least)},...,{Plain(most)}]",
        value => Number(value) < least ? $"it must be at least {Plain(least)}" : Number(value) > most ? $"it must be at most {Plain(most)}" : null);

    public static SettingRule BetweenOr(int least, int most, int other) => new(
        $"[{least},...,{most}] or {other}",
        value => (int)value == other || ((int)value >= least && (int)value <= most) ? null : $"it must be from {least} to {most}, or {other}");

    public static SettingRule OneOf(params string[] values) => new(
        $"[{string.Join(", ", values)}]",
        value => values.Contains((string)value) ? null : $"it takes one of {string.Join(", ", values)}{Meant((string)value, values)}");

    public static SettingRule OneOfAnyCase(params string[] values) => new(
        $"(case insensitive) [{string.Join(", ", values)}]",
        value => values.Contains((string)value, StringComparer.OrdinalIgnoreCase) ? null : $"it takes one of {string.Join(", ", values)}{Meant((string)value, values)}");

    public static SettingRule ListOf(params string[] values) => new($"[{string.Join(", ", values)}]", value => Foreign((string[])value, values));

    public static SettingRule NonEmptyListOf(params string[] values) => new(
        $"[{string.Join(", ", values)}]",
        value => ((string[])value).Length == 0 ? $"it takes at least one of {string.Join(", ", values)}" : Foreign((string[])value, values));

    /// <summary>What is wrong with a value of the right type, as the second half of a sentence; null where nothing is.</summary>
    public string? Fault(object value) => _fault(value);

    private static string? GapIn(string[] values) => values.Contains("") ? "a value between its commas is empty" : null;

    private static string? Foreign(string[] given, string[] values) =>
        GapIn(given) ?? (Array.Find(given, value => !values.Contains(value)) is { } foreign
            ? $"'{foreign}' is none of {string.Join(", ", values)}{Meant(foreign, values)}" : null);

    private static string Meant(string given, string[] values) => NearestName.Find(given, values) is { } near ? $"; did you mean {near}?" : "";

    private static string Plain(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static double Number(object value) => value switch
    {
        int number => number,
        long number => number,
        short number => number,
        double number => number,
        _ => throw new ArgumentException($"{value.GetType().Name} is no number", nameof(value)),
    };

    [GeneratedRegex(@"^[0-9]+:[0-9]+\z")]
    private static partial Regex Replica();
}
