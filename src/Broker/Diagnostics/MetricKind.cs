namespace Moldau.Broker.Diagnostics;

/// <summary>How a metric is to be read.</summary>
internal enum MetricKind
{
    /// <summary>Only grows, from the broker's start on.</summary>
    Counter,

    /// <summary>What is now.</summary>
    Gauge,

    /// <summary>How many values fell below each of some bounds, from the broker's start on.</summary>
    Histogram,
}
