using Moldau.Broker.Network;
using Moldau.Broker.Security.Sasl;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Security;

/// <summary>SaslHandshake: a connection says how it will prove who speaks.</summary>
internal sealed class SaslHandshake(LiveSettings settings, SaslServers servers, AuthenticationFailures failures, NetworkLog log)
    : TypedHandler<SaslHandshakeRequest, SaslHandshakeResponse>(log)
{
    private const short BareTokens = 0;

    protected override async ValueTask HandleAsync(Exchange exchange, SaslHandshakeRequest request, SaslHandshakeResponse response)
    {
        var connection = exchange.Connection;
        if (connection.Session is not { } session || !session.MayShakeHands(connection.Now) || !settings.Current.Sasl.Listeners.TryGetValue(connection.Listener.Name, out var listener))
        {
            response.ErrorCode = ErrorCode.IllegalSaslState;
            return;
        }

        foreach (var enabled in listener.Mechanisms) response.Mechanisms.Add(enabled.Name);
        if (listener.Find(request.Mechanism) is not { } mechanism)
        {
            response.ErrorCode = ErrorCode.UnsupportedSaslMechanism;
            await failures.HoldAsync(exchange, session, request.Mechanism, "a mechanism that the listener does not offer").ConfigureAwait(false);
            return;
        }

        session.Begin(mechanism.Name, servers.Make(mechanism.Name, mechanism), exchange.Version == BareTokens, connection.Now);
    }

    protected override void Refuse(SaslHandshakeRequest request, SaslHandshakeResponse response, ErrorCode error, string? message) => response.ErrorCode = error;
}
