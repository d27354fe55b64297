using System.Globalization;

namespace Moldau.Broker.Settings;

/// <summary>
/// Texts to values and back, as Kafka does both: blanks around a value do not count, a number may have a plus, a value that
/// a list names twice is in it once.
/// </summary>
public static class SettingParser
{
    /// <param name="setting">What the text is to be a value of.</param>
    /// <param name="text">As somebody wrote it.</param>
    /// <param name="value">A bool, string, int, short, long, double or string[].</param>
    /// <returns>What is wrong, a sentence with the name and the value; null where nothing is.</returns>
    public static string? Parse(SettingDeclaration setting, string text, out object? value)
    {
        ArgumentNullException.ThrowIfNull(setting);
        ArgumentNullException.ThrowIfNull(text);
        value = Read(setting, text.Trim());
        var fault = value is null ? Expectation(setting.Type) : setting.Rule.Fault(value);
        if (fault is null) return null;
        value = null;
        var shown = setting.IsSensitive ? "the value given" : $"'{text}'";
        return $"{shown} is not possible for {setting.Name}: {fault}";
    }

    /// <summary>The value of a text that is known to be right.</summary>
    public static object Parse(SettingDeclaration setting, string text) =>
        Parse(setting, text, out var value) is { } fault ? throw new ArgumentException(fault, nameof(text)) : value!;

    /// <summary>As DescribeConfigs tells a value.</summary>
    public static string Print(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        string[] list => string.Join(',', list),
        double number => Print(number),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)value,
    };

    private static object? Read(SettingDeclaration setting, string text) => setting.Type switch
    {
        SettingType.Boolean => bool.TryParse(text, out var truth) ? truth : null,
        SettingType.Int => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        SettingType.Short => short.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        SettingType.Long => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        SettingType.Double => ReadDouble(text),
        SettingType.List => ReadList(setting, text),
        _ => text,
    };

    /// <summary>Java lets a number end with d or f.</summary>
    private static double? ReadDouble(string text) =>
        double.TryParse(
            text.Length > 1 && text[^1] is 'd' or 'D' or 'f' or 'F' && char.IsAsciiDigit(text[^2]) | text[^2] == '.' ? text[..^1] : text,
            NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string[] ReadList(SettingDeclaration setting, string text)
    {
        if (text.Length == 0) return [];
        var values = text.Split(',').Select(static value => value.Trim());
        return setting.Rule == SettingRule.ThrottledReplicas ? [.. values] : [.. values.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>As Java writes a double: with a point always, and with an exponent outside 0.001 to 10,000,000.</summary>
    private static string Print(double number)
    {
        if (double.IsNaN(number)) return "NaN";
        if (double.IsInfinity(number)) return number > 0 ? "Infinity" : "-Infinity";
        var size = Math.Abs(number);
        var isPlain = size == 0 || (size >= 1e-3 && size < 1e7);
        if (isPlain) return Point(number.ToString("0.###################", CultureInfo.InvariantCulture), number);
        var parts = number.ToString("E16", CultureInfo.InvariantCulture);
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        var exponent = int.Parse(parts.AsSpan(parts.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var digits = new string([.. (shortest.Split('E')[0]).Where(char.IsAsciiDigit)]).TrimStart('0').TrimEnd('0');
        return $"{(number < 0 ? "-" : "")}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent}";
    }

    private static string Point(string digits, double number)
    {
        var text = digits.Contains('.', StringComparison.Ordinal) ? digits : digits + ".0";
        return double.IsNegative(number) && !text.StartsWith('-') ? "-" + text : text;
    }

    private static string Expectation(SettingType type) => type switch
    {
        SettingType.Boolean => "it takes true or false",
        SettingType.Int => $"it takes a whole number from {int.MinValue} to {int.MaxValue}",
        SettingType.Short => $"it takes a whole number from {short.MinValue} to {short.MaxValue}",
        SettingType.Long => $"it takes a whole number from {long.MinValue} to {long.MaxValue}",
        _ => "it takes a number",
    };
}
