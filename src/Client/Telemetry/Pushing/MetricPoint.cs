namespace Moldau.Client.Telemetry.Pushing;

/// <summary>One number that is pushed.</summary>
/// <param name="Name">KIP-714's.</param>
/// <param name="Value">A sum's is of the time that <paramref name="Since"/> says.</param>
/// <param name="Since">Null for a gauge; else when the sum began.</param>
/// <param name="NodeId">The broker it is about; null for none.</param>
internal readonly record struct MetricPoint(string Name, double Value, DateTimeOffset? Since = null, int? NodeId = null);
