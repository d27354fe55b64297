using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Moldau.Client.Security;

/// <summary>How a client knows its brokers, and they it, over TLS.</summary>
public sealed class TlsOptions
{
    /// <summary>Whose certificates are believed; null for those the machine believes.</summary>
    public X509Certificate2Collection? Trusted { get; init; }

    /// <summary>What the client shows of itself, with its key and what stands between it and its root.</summary>
    public SslStreamCertificateContext? Certificate { get; init; }

    /// <summary>Whether a broker's certificate must name the host that was asked for.</summary>
    public bool VerifiesHostName { get; init; } = true;
}
