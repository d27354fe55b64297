using System.Diagnostics.Metrics;

namespace Moldau.Broker.Diagnostics;

/// <summary>
/// Shows the metrics of a broker to whoever listens to its meter, an exporter for example. Histograms are on the meter
/// anyway; the rest is asked for when the listener collects, all of it from one reading.
/// </summary>
public sealed class MetricInstruments
{
    public const string MeterName = Counting.RequestInstruments.MeterName;
    public const string SourceName = RequestTraces.SourceName;

    /// <summary>A collection goes over every metric in turn; within this it is one.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock _sync = new();
    private readonly BrokerServer _broker;
    private Dictionary<MetricDeclaration, MetricReading> _readings = [];
    private long _readAt;

    private MetricInstruments(BrokerServer broker) => _broker = broker;

    /// <summary>They last as long as the broker.</summary>
    public static void Add(BrokerServer broker)
    {
        ArgumentNullException.ThrowIfNull(broker);
        var instruments = new MetricInstruments(broker);
        foreach (var declaration in BrokerMetrics.All) instruments.Add(declaration);
    }

    private void Add(MetricDeclaration declaration)
    {
        var (meter, unit) = (_broker.Figures.Instruments.Meter, MetricUnit.Exported(declaration.Unit));
        if (declaration.Kind == MetricKind.Counter) meter.CreateObservableCounter(declaration.Name, () => Measure(declaration), unit, declaration.Help);
        else if (declaration.Kind == MetricKind.Gauge) meter.CreateObservableGauge(declaration.Name, () => Measure(declaration), unit, declaration.Help);
    }

    private List<Measurement<double>> Measure(MetricDeclaration declaration)
    {
        var measurements = new List<Measurement<double>>();
        if (!Read().TryGetValue(declaration, out var reading)) return measurements;
        foreach (var series in reading.Series)
        {
            // Not every collector takes what is endless.
            if (!double.IsFinite(series.Value)) continue;
            var tags = new KeyValuePair<string, object?>[series.Labels.Length];
            for (var i = 0; i < tags.Length; i++) tags[i] = new(declaration.Labels[i].Exported, series.Labels[i]);
            measurements.Add(new Measurement<double>(series.Value, tags));
        }

        return measurements;
    }

    /// <summary>On the listener's own thread, which may wait for the coordinators.</summary>
    private Dictionary<MetricDeclaration, MetricReading> Read()
    {
        lock (_sync)
        {
            if (_readings.Count > 0 && _broker.Clock.GetElapsedTime(_readAt) < Fresh) return _readings;
            var readings = BrokerMetrics.ReadAsync(_broker).GetAwaiter().GetResult();
            _readings = readings.ToDictionary(static reading => reading.Declaration, ReferenceEqualityComparer.Instance as IEqualityComparer<MetricDeclaration>);
            _readAt = _broker.Clock.GetTimestamp();
            return _readings;
        }
    }
}
