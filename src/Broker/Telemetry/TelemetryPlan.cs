namespace Moldau.Broker.Telemetry;

/// <summary>What one client is to push.</summary>
/// <param name="Id">Another for whatever else would be to push.</param>
/// <param name="IntervalMilliseconds">How often.</param>
/// <param name="Metrics">The beginnings of their names.</param>
internal sealed record TelemetryPlan(int Id, int IntervalMilliseconds, IReadOnlyList<string> Metrics);
