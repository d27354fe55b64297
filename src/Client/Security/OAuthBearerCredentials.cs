using System.Text;

namespace Moldau.Client.Security;

/// <summary>A token that somebody else has issued (RFC 7628). It is asked for at each connection, so that one that expired is never sent.</summary>
public sealed class OAuthBearerCredentials : SaslCredentials
{
    private static readonly byte[] Separator = [1];

    private readonly Func<CancellationToken, ValueTask<BearerToken>> _token;

    public OAuthBearerCredentials(Func<CancellationToken, ValueTask<BearerToken>> token)
        : base("OAUTHBEARER")
    {
        ArgumentNullException.ThrowIfNull(token);
        _token = token;
    }

    internal override SaslConversation Begin(Func<string> nonce, string host) => new OneMessage(WriteAsync, Separator);

    private async ValueTask<byte[]> WriteAsync(CancellationToken cancellation)
    {
        var token = await _token(cancellation).ConfigureAwait(false);
        var text = new StringBuilder("n,,\u0001auth=Bearer ").Append(token.Value);
        foreach (var (name, value) in token.Extensions) text.Append('\u0001').Append(name).Append('=').Append(value);
        return Encoding.UTF8.GetBytes(text.Append("\u0001\u0001").ToString());
    }
}
