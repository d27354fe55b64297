using System.Text;

namespace Moldau.Client.Security;

/// <summary>A name and a password that cross the wire as they are (RFC 4616): only over TLS.</summary>
public sealed class PlainCredentials : SaslCredentials
{
    private readonly string _user;
    private readonly string _password;

    public PlainCredentials(string user, string password)
        : base("PLAIN")
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        ArgumentNullException.ThrowIfNull(password);
        (_user, _password) = (user, password);
    }

    internal override SaslConversation Begin(Func<string> nonce, string host) => new OneMessage(_ => ValueTask.FromResult(Encoding.UTF8.GetBytes($"\0{_user}\0{_password}")));
}
