namespace Moldau.Broker.Telemetry;

/// <summary>What a client's number means.</summary>
public enum TelemetryKind
{
    /// <summary>The latest value.</summary>
    Gauge,

    /// <summary>A sum that may go up and down.</summary>
    Sum,

    /// <summary>A sum that only grows, over all that this client has pushed here.</summary>
    Counter,
}
