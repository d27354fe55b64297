using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Telemetry;

/// <summary>What a client pushes, as it came.</summary>
internal readonly record struct TelemetryPush(Uuid Id, int PlanId, bool IsLast, int Compression, ReadOnlyMemory<byte> Metrics);
