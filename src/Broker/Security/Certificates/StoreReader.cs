using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Moldau.Broker.Security.Certificates;

/// <summary>Reads keys and certificates from PEM, PKCS#12 and Java's own keystores, told apart by what is in them.</summary>
public static class StoreReader
{
    private const uint JksMagic = 0xFEEDFEED;
    private const uint JceksMagic = 0xCECECECE;
    private const byte Asn1Sequence = 0x30;

    internal static StoreKind KindOf(ReadOnlySpan<byte> content)
    {
        if (content.Length >= sizeof(uint))
        {
            var magic = BinaryPrimitives.ReadUInt32BigEndian(content);
            if (magic == JksMagic) return StoreKind.Jks;
            if (magic == JceksMagic) return StoreKind.Jceks;
        }

        if (content.IndexOf("-----BEGIN "u8) >= 0) return StoreKind.Pem;
        return content.Length > 0 && content[0] == Asn1Sequence ? StoreKind.Pkcs12 : StoreKind.Unknown;
    }

    /// <param name="content">All of it.</param>
    /// <param name="where">How the store is called in what is told of it.</param>
    /// <param name="password">The store's.</param>
    /// <param name="keyPassword">The key's; null where it is the store's.</param>
    /// <exception cref="StoreException">There is no key with its certificate in it that could be read.</exception>
    public static KeyMaterial ReadKey(byte[] content, string where, string? password, string? keyPassword) => Guard(where, () => KindOf(content) switch
    {
        StoreKind.Pem => PemStore.ReadKey(Encoding.UTF8.GetString(content), where, keyPassword ?? password),
        StoreKind.Pkcs12 => ReadPkcs12Key(content, where, password),
        StoreKind.Jks => ReadJksKey(content, where, password, keyPassword),
        _ => throw Unreadable(content, where),
    });

    /// <exception cref="StoreException">There are no certificates in it that could be read.</exception>
    public static X509Certificate2Collection ReadCertificates(byte[] content, string where, string? password) => Guard(where, () =>
    {
        var found = KindOf(content) switch
        {
            StoreKind.Pem => PemStore.Certificates(Encoding.UTF8.GetString(content)),
            StoreKind.Pkcs12 => X509CertificateLoader.LoadPkcs12Collection(content, password),
            StoreKind.Jks => [.. JksReader.Read(content, where, password).Trusted.Select(static der => X509CertificateLoader.LoadCertificate(der))],
            _ => throw Unreadable(content, where),
        };
        return found.Count > 0 ? found : throw new StoreException($"{where} has no certificates in it");
    });

    private static KeyMaterial ReadPkcs12Key(byte[] content, string where, string? password)
    {
        var all = X509CertificateLoader.LoadPkcs12Collection(content, password);
        var own = all.FirstOrDefault(static one => one.HasPrivateKey) ?? throw new StoreException($"{where} has {all.Count} certificates and no private key: put the key into it that belongs to the certificate");
        return new KeyMaterial(own, [.. all.Where(one => one != own)]);
    }

    private static KeyMaterial ReadJksKey(byte[] content, string where, string? password, string? keyPassword)
    {
        var keys = JksReader.Read(content, where, password).Keys;
        if (keys.Count == 0) throw new StoreException($"{where} has no private key: put the key into it that belongs to the certificate");
        var secret = keyPassword ?? password ?? throw new StoreException($"{where} is a Java keystore, and its key has a password: give it by ssl.keystore.password, or ssl.key.password where it has one of its own");
        var key = JksReader.Open(keys[0].Protected, secret, where);
        X509Certificate2[] chain = [.. keys[0].Chain.Select(static der => X509CertificateLoader.LoadCertificate(der))];
        if (chain.Length == 0) throw new StoreException($"{where} has a private key without a certificate");
        return new KeyMaterial(X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), PemEncoding.WriteString("PRIVATE KEY", key)), [.. chain[1..]]);
    }

    private static StoreException Unreadable(byte[] content, string where) => new(KindOf(content) == StoreKind.Jceks
        ? $"{where} is a Java keystore of the kind JCEKS, which is not read: convert it with keytool -importkeystore -srckeystore {where} -srcstoretype JCEKS -destkeystore new.p12 -deststoretype PKCS12, and name new.p12"
        : content.Length == 0 ? $"{where} is empty" : $"{where} is neither PEM nor PKCS#12 nor a Java keystore");

    /// <summary>What the system says of bytes it cannot read names neither the file nor a way out, and never a secret.</summary>
    private static T Guard<T>(string where, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw new StoreException($"{where} cannot be read: {fault.Message} Its password may be wrong", fault);
        }
    }
}
