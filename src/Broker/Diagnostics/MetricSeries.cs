using Moldau.Broker.Diagnostics.Counting;

namespace Moldau.Broker.Diagnostics;

/// <summary>One value, or one histogram, of a metric.</summary>
/// <param name="Labels">Values, in the order of the declaration's labels.</param>
/// <param name="Value">Of a counter or a gauge.</param>
/// <param name="Histogram">Null for the others.</param>
internal readonly record struct MetricSeries(string[] Labels, double Value, HistogramReading? Histogram);
