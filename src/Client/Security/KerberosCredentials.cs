using System.Net;

namespace Moldau.Client.Security;

/// <summary>
/// A ticket of Kerberos (GSSAPI, RFC 4752), by the platform's own library: whose it is, the machine's ticket cache or client keytab says
/// unless a password is given. Brokers are looked for by the names they are reached by.
/// </summary>
public sealed class KerberosCredentials : SaslCredentials
{
    private readonly NetworkCredential _credential;

    /// <summary>Takes the ticket that is there.</summary>
    public KerberosCredentials()
        : this(CredentialCache.DefaultNetworkCredentials)
    {
    }

    /// <summary>Gets a ticket by a password.</summary>
    public KerberosCredentials(string user, string password, string realm)
        : this(new NetworkCredential(user, password, realm))
    {
    }

    private KerberosCredentials(NetworkCredential credential)
        : base("GSSAPI") => _credential = credential;

    /// <summary>The first part of the brokers' own principals.</summary>
    public string ServiceName { get; init; } = "kafka";

    internal override SaslConversation Begin(Func<string> nonce, string host) => new KerberosConversation(_credential, $"{ServiceName}/{host}");
}
