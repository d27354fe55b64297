using System.Globalization;

namespace Moldau.Host.Commands.Output;

/// <summary>One line that says how far something long has come. Pure: numbers in, text out.</summary>
internal static class ProgressLine
{
    private const int BarWidth = 24;
    private const int MostWidth = 78;

    /// <param name="what">What is counted, such as "records" or "bytes".</param>
    /// <param name="done">How many there are so far.</param>
    /// <param name="total">How many there will be; 0 or less where nobody knows.</param>
    /// <param name="elapsed">How long it has taken.</param>
    public static string Draw(string what, long done, long total, TimeSpan elapsed)
    {
        var speed = elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0;
        var count = $"{Short(done)} {what}, {Short((long)speed)}/s";
        var line = total > 0 ? $"{Bar(done, total)} {Share(done, total),3} %  {count}{Left(done, total, speed)}" : count;
        return line.Length <= MostWidth ? line : line[..MostWidth];
    }

    private static string Bar(long done, long total)
    {
        var filled = (int)(BarWidth * Math.Clamp((double)done / total, 0, 1));
        return $"[{new string('#', filled)}{new string('.', BarWidth - filled)}]";
    }

    /// <summary>Rounded down: it is not all done before it is.</summary>
    private static int Share(long done, long total) => (int)(100 * Math.Clamp((double)done / total, 0, 1));

    private static string Left(long done, long total, double speed)
    {
        if (speed <= 0 || done >= total) return "";
        var seconds = Math.Min((total - done) / speed, 360_000);
        var left = TimeSpan.FromSeconds(Math.Ceiling(seconds));
        return left.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $", {(int)left.TotalHours}:{left.Minutes:00}:{left.Seconds:00} left")
            : string.Create(CultureInfo.InvariantCulture, $", {left.Minutes}:{left.Seconds:00} left");
    }

    private static string Short(long number) => number switch
    {
        < 10_000 => number.ToString(CultureInfo.InvariantCulture),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{number / 1000.0:0.0} k"),
        < 10_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{number / 1e6:0.0} M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{number / 1e9:0.0} G"),
    };
}
