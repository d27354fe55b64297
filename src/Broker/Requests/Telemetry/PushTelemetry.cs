using Moldau.Broker.Network;
using Moldau.Broker.Telemetry;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Telemetry;

/// <summary>PushTelemetry: a client's own metrics, taken where they were asked for.</summary>
internal sealed class PushTelemetry(ClientTelemetry telemetry, LiveSettings settings, NetworkLog log) : TypedHandler<PushTelemetryRequest, PushTelemetryResponse>(log)
{
    protected override ValueTask HandleAsync(Exchange exchange, PushTelemetryRequest request, PushTelemetryResponse response)
    {
        var push = new TelemetryPush(request.ClientInstanceId, request.SubscriptionId, request.Terminating, request.CompressionType, request.Metrics);
        response.ErrorCode = telemetry.Push(id => TelemetryIdentity.Of(id, exchange), push, settings.Current.Requests.MaxTelemetryBytes);
        return ValueTask.CompletedTask;
    }

    protected override void Refuse(PushTelemetryRequest request, PushTelemetryResponse response, ErrorCode error, string? message) => response.ErrorCode = error;
}
