using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Moldau.Broker.Security.Certificates;

/// <summary>Certificates and keys as PEM (RFC 7468): in any order, other blocks and text between them passed over.</summary>
internal static class PemStore
{
    private const string CertificateLabel = "CERTIFICATE";
    private const string EncryptedLabel = "ENCRYPTED PRIVATE KEY";

    public static X509Certificate2Collection Certificates(string text)
    {
        var found = new X509Certificate2Collection();
        foreach (var (label, block) in Blocks(text))
        {
            if (label is CertificateLabel or "X509 CERTIFICATE" or "TRUSTED CERTIFICATE") found.Add(X509CertificateLoader.LoadCertificate(PemBytes(block)));
        }

        return found;
    }

    public static KeyMaterial ReadKey(string text, string where, string? password)
    {
        if (text.Contains("Proc-Type:", StringComparison.Ordinal))
            throw new StoreException($"{where} has a key encrypted in OpenSSL's old way: convert it with openssl pkcs8 -topk8 -in OLD -out NEW, which asks for its password");
        var certificates = Certificates(text);
        var (label, key) = Blocks(text).FirstOrDefault(static block => block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal));
        if (key is null) throw new StoreException($"{where} has no private key");
        if (certificates.Count == 0) throw new StoreException($"{where} has a private key without a certificate");
        if (label == EncryptedLabel && password is null) throw new StoreException($"{where} has an encrypted key: give its password by ssl.key.password");
        var own = certificates[0].ExportCertificatePem();
        return new KeyMaterial(label == EncryptedLabel ? X509Certificate2.CreateFromEncryptedPem(own, key, password) : X509Certificate2.CreateFromPem(own, key), [.. certificates.Skip(1)]);
    }

    private static byte[] PemBytes(string block)
    {
        var fields = PemEncoding.Find(block);
        return Convert.FromBase64String(block[fields.Base64Data]);
    }

    private static List<(string Label, string Block)> Blocks(string text)
    {
        var found = new List<(string, string)>();
        var rest = 0;
        while (PemEncoding.TryFind(text.AsSpan(rest), out var fields))
        {
            var block = text.AsSpan(rest)[fields.Location].ToString();
            found.Add((text.AsSpan(rest)[fields.Label].ToString(), block));
            rest += fields.Location.End.GetOffset(text.Length - rest);
        }

        return found;
    }
}
