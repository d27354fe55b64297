using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Moldau.Host.Commands.Doctor.Facts;

namespace Moldau.Host.Commands.Doctor.Reading;

/// <summary>Reads from when until when the certificate in a file holds.</summary>
internal static class CertificateReader
{
    public static ListenerFacts.CertificateFacts Read(string path, string? password)
    {
        try
        {
            using var certificate = Load(path, password);
            return new ListenerFacts.CertificateFacts(path, certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime(), null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return new ListenerFacts.CertificateFacts(path, default, default, fault.Message);
        }
    }

    private static X509Certificate2 Load(string path, string? password)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes.AsSpan().IndexOf("-----BEGIN"u8) >= 0) return X509Certificate2.CreateFromPem(System.Text.Encoding.UTF8.GetString(bytes));
        // A Java keystore begins so.
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFE, 0xED, 0xFE, 0xED])) throw new CryptographicException("it is a JKS, which only Java reads: keytool -importkeystore -srckeystore FILE -destkeystore FILE.p12 -deststoretype PKCS12");
        return X509CertificateLoader.LoadPkcs12(bytes, password, X509KeyStorageFlags.EphemeralKeySet);
    }
}
