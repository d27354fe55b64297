using System.Globalization;

namespace Moldau.Host.Commands;

/// <summary>A point in time as somebody types it: a date and time, UTC where no zone is said, or milliseconds since 1970.</summary>
internal static class TimeText
{
    /// <exception cref="MisuseException">It is neither.</exception>
    public static DateTimeOffset Parse(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)) return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time;
        throw new MisuseException($"'{text}' is no time; it takes 2026-01-31T12:00:00Z or milliseconds since 1970");
    }
}
