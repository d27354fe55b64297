using System.Globalization;

namespace Moldau.Bench.Race;

/// <summary>What a metric is to reach: so many times the peer's, or a value of its own; at least or at most as the metric says.</summary>
internal sealed record RaceGoal(Metric Metric, double? TimesPeer = null, double? Value = null)
{
    private bool IsMore => Metric is Metric.RecordsPerSecond or Metric.OperationsPerSecond;

    public bool? IsMet(double ours, double ratio)
    {
        bool? met = null;
        if (Value is { } value) met = IsMore ? ours >= value : ours <= value;
        if (TimesPeer is { } times && !double.IsNaN(ratio)) met = met != false && (IsMore ? ratio >= times : ratio <= times);
        return met;
    }

    public string Describe()
    {
        var sign = IsMore ? ">=" : "<=";
        if (Value is { } value) return string.Create(CultureInfo.InvariantCulture, $"{sign} {value}");
        return TimesPeer is { } times ? string.Create(CultureInfo.InvariantCulture, $"{sign} {times:0.##}x") : "";
    }
}
