using System.Diagnostics.Metrics;

namespace Moldau.Client.Telemetry;

/// <summary>
/// The process's one meter. What clients count anyway is read when a listener collects; durations and sizes are recorded one by one, and only
/// while somebody listens.
/// </summary>
internal static class ClientMeter
{
    public const string Name = "Moldau.Client";

    private static readonly Lock Gate = new();
    // Whoever forgets to close a client is not to keep it for ever.
    private static readonly List<WeakReference<ClientFigures>> Live = [];
    // A counter that went back when a client is closed would look like a fresh start.
    private static readonly Dictionary<InstrumentDeclaration, InstrumentReading> Ended = [];
    private static readonly Meter Meter = new(Name);
    private static readonly double[] OfSeconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private static readonly double[] OfBytes = [256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304];

    public static readonly Histogram<double> OperationDuration = Make(InstrumentTable.OperationDuration, OfSeconds);
    public static readonly Histogram<double> ProcessDuration = Make(InstrumentTable.ProcessDuration, OfSeconds);
    public static readonly Histogram<double> RequestDuration = Make(InstrumentTable.RequestDuration, OfSeconds);
    public static readonly Histogram<double> ThrottleDuration = Make(InstrumentTable.ThrottleDuration, OfSeconds);
    public static readonly Histogram<double> QueueDuration = Make(InstrumentTable.QueueDuration, OfSeconds);
    public static readonly Histogram<double> RebalanceDuration = Make(InstrumentTable.RebalanceDuration, OfSeconds);
    public static readonly Histogram<double> BatchSize = Make(InstrumentTable.BatchSize, OfBytes);

    static ClientMeter()
    {
        foreach (var row in InstrumentTable.All) Observe(row);
    }

    public static void Add(ClientFigures figures)
    {
        lock (Gate)
        {
            Live.RemoveAll(static one => !one.TryGetTarget(out _));
            Live.Add(new WeakReference<ClientFigures>(figures));
        }
    }

    public static void Remove(ClientFigures figures)
    {
        lock (Gate)
        {
            if (Live.RemoveAll(one => one.TryGetTarget(out var live) && live == figures) == 0) return;
            foreach (var row in InstrumentTable.All)
            {
                if (row is not { Kind: InstrumentKind.Counter, Collect: { } collect }) continue;
                if (!Ended.TryGetValue(row, out var ended)) Ended[row] = ended = new InstrumentReading(row);
                collect(figures, ended);
            }
        }
    }

    private static List<Measurement<long>> Measure(InstrumentDeclaration row)
    {
        var reading = new InstrumentReading(row);
        lock (Gate)
        {
            if (Ended.TryGetValue(row, out var ended)) reading.Add(ended);
            foreach (var one in Live)
            {
                if (one.TryGetTarget(out var figures)) row.Collect!(figures, reading);
            }
        }

        return reading.Measurements();
    }

    private static void Observe(InstrumentDeclaration row)
    {
        if (row.Kind == InstrumentKind.Counter) Meter.CreateObservableCounter(row.Name, () => Measure(row), row.Unit, row.Help);
        else if (row.Kind == InstrumentKind.UpDownCounter) Meter.CreateObservableUpDownCounter(row.Name, () => Measure(row), row.Unit, row.Help);
        else if (row.Kind == InstrumentKind.Gauge) Meter.CreateObservableGauge(row.Name, () => Measure(row), row.Unit, row.Help);
    }

    private static Histogram<double> Make(InstrumentDeclaration row, double[] bounds)
    {
#if NET9_0_OR_GREATER
        return Meter.CreateHistogram(row.Name, row.Unit, row.Help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
#else
        // .NET 8 has no place for them: listeners take their own.
        _ = bounds;
        return Meter.CreateHistogram<double>(row.Name, row.Unit, row.Help);
#endif
    }
}
