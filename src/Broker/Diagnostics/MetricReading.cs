using Moldau.Broker.Diagnostics.Counting;

namespace Moldau.Broker.Diagnostics;

/// <summary>The series of one metric at one moment, and no more of them than may be.</summary>
internal sealed class MetricReading(MetricDeclaration declaration, int mostSeries)
{
    private readonly List<MetricSeries> _series = [];

    public MetricDeclaration Declaration { get; } = declaration;

    public IReadOnlyList<MetricSeries> Series => _series;

    /// <summary>Not told, because there were too many.</summary>
    public int LeftOut { get; private set; }

    public void Add(double value, params string[] labels) => Add(new MetricSeries(labels, value, null));

    public void Add(HistogramReading histogram, params string[] labels) => Add(new MetricSeries(labels, 0, histogram));

    private void Add(MetricSeries series)
    {
        if (_series.Count >= mostSeries) LeftOut++;
        else _series.Add(series);
    }
}
