using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Security.Sasl.OAuth;

/// <summary>
/// OAUTHBEARER (RFC 7628): one message with a signed token. One that does not count is answered with a reason in JSON, to
/// which the client says a byte of one, and only then is it told that it failed.
/// </summary>
internal sealed class OAuthServer(OAuthSettings settings, KeySource? keys, TimeProvider clock) : SaslServer
{
    private const byte Understood = 1;
    private const string Told = """{"status":"invalid_token"}""";

    private static readonly byte[] ToldBytes = """{"status":"invalid_token"}"""u8.ToArray();

    private string? _reason;

    public override async ValueTask<SaslStep> StepAsync(ReadOnlyMemory<byte> token)
    {
        if (_reason is not null) return token.Span is [Understood] ? SaslStep.RefuseSaying(Told, _reason) : SaslStep.Refuse("something else than the end after its token was refused");
        if (OAuthClientFirst.Read(token.Span) is not { } message) return SaslStep.Refuse("a message that is none");
        try
        {
            var identity = await CheckAsync(message.Token).ConfigureAwait(false);
            return message.AsWhom.Length > 0 && message.AsWhom != identity.Name
                ? SaslStep.RefuseSaying("Authentication failed: Client requested an authorization id that is different from the token's principal name")
                : SaslStep.Done(identity);
        }
        catch (TokenException refused)
        {
            _reason = refused.Message;
            return SaslStep.GoOn(ToldBytes);
        }
    }

    private async Task<SaslIdentity> CheckAsync(string text)
    {
        var token = WebToken.Read(text);
        var algorithm = WebAlgorithm.Of(token.Algorithm);
        if (keys is null) throw new TokenException("sasl.oauthbearer.jwks.endpoint.url names no keys");
        var known = await keys.ForAsync(token.KeyId).ConfigureAwait(false);
        if (!known.Has(token.KeyId)) throw new TokenException("a token signed with a key that is not known");
        if (!known.HaveSigned(token, algorithm)) throw new TokenException("a token with a wrong signature");
        return TokenRules.Check(token.Claims, settings, clock.GetUtcNow().ToUnixTimeMilliseconds());
    }
}
