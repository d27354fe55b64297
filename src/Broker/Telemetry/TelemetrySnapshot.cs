namespace Moldau.Broker.Telemetry;

/// <summary>What one client has last pushed.</summary>
public sealed record TelemetrySnapshot(TelemetryIdentity Client, IReadOnlyList<TelemetryValue> Values);
