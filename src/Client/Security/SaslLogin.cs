using Moldau.Client.Connections;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Security;

/// <summary>Authenticates a connection that was just opened.</summary>
internal static class SaslLogin
{
    // None of the mechanisms has as many; a broker that goes on for ever is none.
    private const int MostMessages = 16;

    /// <returns>How long the broker takes it for authenticated; zero for ever.</returns>
    /// <exception cref="KafkaException">The broker refused it, or did not prove itself.</exception>
    public static async Task<TimeSpan> RunAsync(BrokerConnection connection, SaslCredentials credentials, KafkaClientOptions options, CancellationToken cancellation)
    {
        try
        {
            await AgreeAsync(connection, credentials, options, cancellation).ConfigureAwait(false);
            using var conversation = credentials.Begin(options.Nonce, connection.Address.Host);
            var message = await conversation.FirstAsync(cancellation).ConfigureAwait(false);
            for (var sent = 0; sent < MostMessages; sent++)
            {
                var told = await SayAsync(connection, message, options, cancellation).ConfigureAwait(false);
                if (conversation.Next(told.AuthBytes.Span) is not { } next) return TimeSpan.FromMilliseconds(told.SessionLifetimeMs);
                message = next;
            }

            throw Refused($"{credentials.Mechanism} did not end within {MostMessages} messages", connection);
        }
        catch (SaslRefusedException refused)
        {
            throw Refused($"{credentials.Mechanism}: {refused.Message}", connection);
        }
    }

    private static async Task AgreeAsync(BrokerConnection connection, SaslCredentials credentials, KafkaClientOptions options, CancellationToken cancellation)
    {
        var response = await connection.SendAsync<SaslHandshakeResponse>(
            ApiKey.SaslHandshake, connection.Choose(ApiKey.SaslHandshake), new SaslHandshakeRequest { Mechanism = credentials.Mechanism }, options.RequestTimeout, cancellation).ConfigureAwait(false);
        if (response.ErrorCode == ErrorCode.None) return;
        throw new KafkaException(
            response.ErrorCode, $"the broker does not take {credentials.Mechanism}; it takes {string.Join(", ", response.Mechanisms)} ({response.ErrorCode.Name()})", connection.Address.ToString()) { IsTransient = false, IsFatal = true };
    }

    private static async Task<SaslAuthenticateResponse> SayAsync(BrokerConnection connection, byte[] message, KafkaClientOptions options, CancellationToken cancellation)
    {
        var response = await connection.SendAsync<SaslAuthenticateResponse>(
            ApiKey.SaslAuthenticate, connection.Choose(ApiKey.SaslAuthenticate), new SaslAuthenticateRequest { AuthBytes = message }, options.RequestTimeout, cancellation).ConfigureAwait(false);
        if (response.ErrorCode == ErrorCode.None) return response;
        throw new KafkaException(
            response.ErrorCode, string.IsNullOrEmpty(response.ErrorMessage) ? response.ErrorCode.Message() : response.ErrorMessage, connection.Address.ToString()) { IsTransient = false, IsFatal = true };
    }

    private static KafkaException Refused(string problem, BrokerConnection connection) =>
        new(ErrorCode.SaslAuthenticationFailed, problem, connection.Address.ToString()) { IsTransient = false, IsFatal = true };
}
