using System.Diagnostics.Metrics;

namespace Moldau.Client.Telemetry;

/// <summary>An instrument's series at one moment. Clients with the same labels are one series: a listener that got two would keep the last.</summary>
internal sealed class InstrumentReading(InstrumentDeclaration declaration)
{
    private readonly Dictionary<string, (long Value, string?[] Labels)> _series = new(StringComparer.Ordinal);

    public void Add(long value, params string?[] labels)
    {
        var key = string.Join('\n', labels);
        _series[key] = (_series.GetValueOrDefault(key).Value + value, labels);
    }

    public void Add(InstrumentReading other)
    {
        foreach (var (value, labels) in other._series.Values) Add(value, labels);
    }

    public List<Measurement<long>> Measurements()
    {
        var measurements = new List<Measurement<long>>(_series.Count);
        foreach (var (value, labels) in _series.Values)
        {
            var tags = new List<KeyValuePair<string, object?>>(labels.Length);
            for (var i = 0; i < labels.Length; i++)
            {
                if (labels[i] is { } label) tags.Add(new(declaration.Labels[i], label));
            }

            measurements.Add(new Measurement<long>(value, tags));
        }

        return measurements;
    }
}
