using Moldau.Broker.Network;
using Moldau.Broker.Telemetry;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Telemetry;

/// <summary>GetTelemetrySubscriptions: which of its metrics a client is to push, and how.</summary>
internal sealed class GetTelemetrySubscriptions(ClientTelemetry telemetry, LiveSettings settings, NetworkLog log)
    : TypedHandler<GetTelemetrySubscriptionsRequest, GetTelemetrySubscriptionsResponse>(log)
{
    protected override ValueTask HandleAsync(Exchange exchange, GetTelemetrySubscriptionsRequest request, GetTelemetrySubscriptionsResponse response)
    {
        response.ErrorCode = telemetry.Ask(id => TelemetryIdentity.Of(id, exchange), request.ClientInstanceId, out var answer);
        if (response.ErrorCode != ErrorCode.None) return ValueTask.CompletedTask;
        response.ClientInstanceId = answer.Id;
        response.SubscriptionId = answer.Plan.Id;
        response.PushIntervalMs = answer.Plan.IntervalMilliseconds;
        response.TelemetryMaxBytes = settings.Current.Requests.MaxTelemetryBytes;
        response.DeltaTemporality = true;
        foreach (var codec in (ReadOnlySpan<CompressionType>)[CompressionType.Zstd, CompressionType.Lz4, CompressionType.Gzip, CompressionType.Snappy])
            response.AcceptedCompressionTypes.Add((sbyte)codec);
        foreach (var metric in answer.Plan.Metrics) response.RequestedMetrics.Add(metric);
        return ValueTask.CompletedTask;
    }

    protected override void Refuse(GetTelemetrySubscriptionsRequest request, GetTelemetrySubscriptionsResponse response, ErrorCode error, string? message) =>
        response.ErrorCode = error;
}
