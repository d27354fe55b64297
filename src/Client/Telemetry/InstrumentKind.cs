namespace Moldau.Client.Telemetry;

/// <summary>What the numbers of an instrument mean.</summary>
internal enum InstrumentKind
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Grows and shrinks, and adds up over several.</summary>
    UpDownCounter,

    /// <summary>As it is now.</summary>
    Gauge,

    /// <summary>Recorded one by one, while somebody listens.</summary>
    Histogram,
}
