using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Moldau.Host.Commands.Connecting;

/// <summary>Certificates from files, told apart by what is in them.</summary>
internal static class Certificates
{
    // The magic number of Java's own form.
    private static ReadOnlySpan<byte> Jks => [0xFE, 0xED, 0xFE, 0xED];

    /// <param name="path">PEM or PKCS#12.</param>
    /// <param name="password">Of a PKCS#12 file.</param>
    /// <param name="keyPassword">Of the key in a PEM file.</param>
    /// <param name="place">Where the path is said.</param>
    /// <exception cref="MisuseException">It cannot be read.</exception>
    public static X509Certificate2Collection Read(string path, string? password, string? keyPassword, string place)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (bytes.AsSpan().StartsWith(Jks))
                throw new MisuseException($"{place}: {path} is a JKS store, which is not read here; make PKCS#12 of it: keytool -importkeystore -srckeystore {path} -destkeystore {Path.ChangeExtension(path, ".p12")} -deststoretype pkcs12");
            return bytes.AsSpan().IndexOf("-----BEGIN "u8) >= 0
                ? OfPem(Encoding.UTF8.GetString(bytes), place, keyPassword)
                : X509CertificateLoader.LoadPkcs12Collection(bytes, password, X509KeyStorageFlags.EphemeralKeySet);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new MisuseException($"{place}: {path} cannot be read: {failure.Message}");
        }
    }

    /// <summary>All certificates of a text, the first with its key where there is one.</summary>
    public static X509Certificate2Collection OfPem(string text, string place, string? keyPassword = null)
    {
        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPem(text);
            if (all.Count == 0) throw new MisuseException($"{place}: there is no certificate in it");
            if (text.Contains("ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal)) all[0] = X509Certificate2.CreateFromEncryptedPem(text, text, keyPassword);
            else if (text.Contains("PRIVATE KEY-----", StringComparison.Ordinal)) all[0] = X509Certificate2.CreateFromPem(text, text);
            return all;
        }
        catch (CryptographicException failure)
        {
            throw new MisuseException($"{place}: {failure.Message}");
        }
    }

    /// <summary>What is shown of oneself: the certificate with the key, and those between it and its root.</summary>
    public static SslStreamCertificateContext Context(X509Certificate2Collection all)
    {
        var own = all.FirstOrDefault(static one => one.HasPrivateKey) ?? throw new MisuseException("the keystore has no private key");
        return SslStreamCertificateContext.Create(own, [.. all.Where(one => one != own)], offline: true);
    }
}
