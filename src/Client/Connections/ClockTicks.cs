namespace Moldau.Client.Connections;

/// <summary>Spans of time in the unit of a clock's timestamps, which are cheaper to compare than to convert.</summary>
internal static class ClockTicks
{
    public static long TicksOf(this TimeProvider clock, TimeSpan span) => (long)(span.TotalSeconds * clock.TimestampFrequency);

    public static TimeSpan SpanOf(this TimeProvider clock, long ticks) => TimeSpan.FromSeconds((double)ticks / clock.TimestampFrequency);
}
