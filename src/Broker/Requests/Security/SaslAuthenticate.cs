using Moldau.Broker.Network;
using Moldau.Broker.Security;
using Moldau.Broker.Security.Sasl;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Security;

/// <summary>SaslAuthenticate, and the bare tokens behind a handshake of version 0: one step of the mechanism.</summary>
internal sealed class SaslAuthenticate(LiveSettings settings, TimeProvider clock, AuthenticationFailures failures, NetworkLog log)
    : TypedHandler<SaslAuthenticateRequest, SaslAuthenticateResponse>(log)
{
    protected override async ValueTask HandleAsync(Exchange exchange, SaslAuthenticateRequest request, SaslAuthenticateResponse response)
    {
        response.ErrorMessage = null;
        if (exchange.Connection.Session is not { Stage: SaslStage.Tokens or SaslStage.BareTokens } session)
        {
            response.ErrorCode = ErrorCode.IllegalSaslState;
            response.ErrorMessage = exchange.Connection.Session is null
                ? "SaslAuthenticate request received on a listener that does not authenticate" : "SaslAuthenticate request received after successful authentication";
            return;
        }

        var step = session.Fault is { } fault ? SaslStep.RefuseSaying(fault) : await StepAsync(exchange, session, request.AuthBytes).ConfigureAwait(false);
        response.AuthBytes = step.Token;
        if (step.Identity is { } identity) step = Accept(exchange.Connection, session, identity, response, step);
        if (step.Reason is not { } reason) return;
        response.AuthBytes = default;
        response.ErrorCode = ErrorCode.SaslAuthenticationFailed;
        response.ErrorMessage = step.Told
            ?? $"Authentication failed during {(session.IsAgain ? "re-authentication" : "authentication")} due to invalid credentials with SASL mechanism {session.Mechanism}";
        // Bare tokens have no form for an error.
        if (exchange.IsBare) exchange.HasReply = false;
        await failures.HoldAsync(exchange, session, session.Mechanism!, reason).ConfigureAwait(false);
    }

    protected override void Refuse(SaslAuthenticateRequest request, SaslAuthenticateResponse response, ErrorCode error, string? message) =>
        (response.ErrorCode, response.ErrorMessage) = (error, message);

    /// <summary>A mechanism that fails has let nobody in.</summary>
    private async Task<SaslStep> StepAsync(Exchange exchange, SaslSession session, ReadOnlyMemory<byte> token)
    {
        try
        {
            return await session.Server.StepAsync(token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            failures.Tell(exchange, fault);
            return SaslStep.Refuse("the mechanism failed");
        }
    }

    private SaslStep Accept(Connection connection, SaslSession session, SaslIdentity identity, SaslAuthenticateResponse response, SaslStep step)
    {
        var isAgain = session.IsAgain;
        var most = settings.Current.Sasl.Listeners.GetValueOrDefault(connection.Listener.Name)?.Find(session.Mechanism!)?.MaxReauthMilliseconds ?? 0;
        var lifetime = SessionLifetime.Of(identity.ExpiresAt, most, clock.GetUtcNow().ToUnixTimeMilliseconds());
        if (session.Accept(identity, lifetime, connection.Now) is { } fault) return SaslStep.RefuseSaying(fault);
        response.SessionLifetimeMs = lifetime ?? 0;
        connection.Listener.Authentication.Count(succeeded: true, isAgain);
        connection.Entered(new Principal(Principal.UserType, identity.Name));
        return step;
    }
}
