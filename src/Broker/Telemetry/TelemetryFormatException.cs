namespace Moldau.Broker.Telemetry;

/// <summary>What a client pushed is no metrics of OpenTelemetry.</summary>
internal sealed class TelemetryFormatException(string message) : Exception(message);
