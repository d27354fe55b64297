using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Moldau.Client.Connections;
using Moldau.Protocol.Errors;

namespace Moldau.Client.Security;

/// <summary>Puts TLS over a stream to a broker.</summary>
internal static class TlsStreams
{
    public static async Task<Stream> OpenAsync(Stream plain, BrokerAddress broker, TlsOptions options, CancellationToken cancellation)
    {
        var stream = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsClientAsync(Authentication(broker, options), cancellation).ConfigureAwait(false);
            return stream;
        }
        catch (AuthenticationException refused)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw new KafkaException(
                ErrorCode.NetworkException, $"TLS failed: {refused.InnerException?.Message ?? refused.Message}; is the broker's certificate trusted, and does it name the host?", broker.ToString(), refused)
            { IsTransient = false, IsFatal = true };
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static SslClientAuthenticationOptions Authentication(BrokerAddress broker, TlsOptions options)
    {
        var authentication = new SslClientAuthenticationOptions { TargetHost = broker.Host, ClientCertificateContext = options.Certificate };
        if (options.Trusted is { } trusted)
        {
            authentication.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            authentication.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        }

        if (!options.VerifiesHostName)
            authentication.RemoteCertificateValidationCallback = static (_, _, _, faults) => (faults & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
        return authentication;
    }
}
