using System.Text.RegularExpressions;
using System.Globalization;

namespace Moldau.Broker.Settings;

/// <summary>Values of <c>share.auto.offset.reset</c>: <c>latest</c>, <c>earliest</c>, or so long ago.</summary>
internal static partial class ShareOffsetResets
{
    private const string Prefix = "by_duration:";

    /// <param name="text">The value.</param>
    /// <param name="ago">How long before now a group begins; null for latest and earliest.</param>
    public static bool TryParse(string text, out TimeSpan? ago)
    {
        ago = null;
        if (text is "latest" or "earliest") return true;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || Duration().Match(text[Prefix.Length..]) is not { Success: true } match) return false;
        try
        {
            var sum = TimeSpan.FromDays(Part(match, "d")) + TimeSpan.FromHours(Part(match, "h")) + TimeSpan.FromMinutes(Part(match, "m"))
                + TimeSpan.FromSeconds(Part(match, "s")) + (Fraction(match) * Math.Sign(match.Groups["s"].Value.StartsWith('-') ? -1 : 1));
            if (match.Groups["sign"].Value == "-") sum = -sum;
            ago = sum;
            return sum >= TimeSpan.Zero;
        }
        catch (OverflowException)
        {
            return false;
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }
    }

    private static long Part(Match match, string group) =>
        match.Groups[group] is { Success: true } part ? long.Parse(part.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;

    private static TimeSpan Fraction(Match match) =>
        match.Groups["f"] is { Success: true, Length: > 0 } part ? TimeSpan.FromTicks(long.Parse(part.Value.PadRight(9, '0'), CultureInfo.InvariantCulture) / 100) : TimeSpan.Zero;

    /// <summary>What Java reads as a duration: days, hours, minutes and seconds of ISO 8601.</summary>
    [GeneratedRegex(
        @"^(?<sign>[-+]?)P(?:(?<d>[-+]?[0-9]+)D)?(?:T(?=[-+0-9])(?:(?<h>[-+]?[0-9]+)H)?(?:(?<m>[-+]?[0-9]+)M)?(?:(?<s>[-+]?[0-9]+)(?:[.,](?<f>[0-9]{0,9}))?S)?)?(?<=[DHMS])\z",
        RegexOptions.IgnoreCase)]
    private static partial Regex Duration();
}
