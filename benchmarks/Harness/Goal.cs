using System.Globalization;

namespace Moldau.Bench.Harness;

/// <summary>What a row is to reach: so many times its peer, or a value of its own, and no more than so much memory.</summary>
internal sealed record Goal(double? TimesPeer = null, double? Value = null, double? BytesPerOperation = null)
{
    // What the runtime allocates beside the measured thread's work now and then is no allocation of an operation.
    private const double Nothing = 0.01;

    public static Goal None { get; } = new();

    public static Goal NoAllocation { get; } = new(BytesPerOperation: 0);

    /// <returns>Null where there is no goal, or no peer to hold it against.</returns>
    public bool? IsMet(Unit unit, double ours, double? ratio, double bytesPerOperation)
    {
        bool? met = null;
        if (Value is { } value) met = unit.IsTime ? ours <= value : ours >= value;
        if (TimesPeer is { } times && ratio is { } reached) met = met != false && (unit.IsTime ? reached <= times : reached >= times);
        if (BytesPerOperation is { } bytes) met = met != false && bytesPerOperation <= bytes + Nothing;
        return met;
    }

    public string Describe(Unit unit)
    {
        var sign = unit.IsTime ? "<=" : ">=";
        var parts = new List<string>();
        if (Value is { } value) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{sign} {value} {unit.Name}"));
        if (TimesPeer is { } times) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{sign} {times}x"));
        if (BytesPerOperation is { } bytes) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{bytes} B"));
        return string.Join(", ", parts);
    }
}
