using System.Diagnostics.Metrics;
using Moldau.Broker.Diagnostics.Tables;

namespace Moldau.Broker.Diagnostics.Counting;

/// <summary>What an exporter can listen to of a broker's histograms; the rest it asks for.</summary>
internal sealed class RequestInstruments : IDisposable
{
    public const string MeterName = "Moldau.Broker";

    public RequestInstruments(TimeProvider clock)
    {
        Durations = Buckets.Durations(clock);
        Meter = new Meter(MeterName);
        Times = Array.ConvertAll(RequestMetrics.Times, Make);
        Sizes = Array.ConvertAll(RequestMetrics.Sizes, Make);
        Flushes = Make(DiskMetrics.FlushTime);
    }

    public Meter Meter { get; }

    public Buckets Durations { get; }

    /// <summary>By <see cref="RequestPhase"/>.</summary>
    public Histogram<double>[] Times { get; }

    /// <summary>Of requests, and of replies.</summary>
    public Histogram<double>[] Sizes { get; }

    public Histogram<double> Flushes { get; }

    public void Dispose() => Meter.Dispose();

    private Histogram<double> Make(MetricDeclaration declaration)
    {
        var buckets = declaration.Unit == MetricUnit.Bytes ? Buckets.Sizes : Durations;
        return Meter.CreateHistogram(declaration.Name, MetricUnit.Exported(declaration.Unit), declaration.Help, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets.Shown });
    }
}
