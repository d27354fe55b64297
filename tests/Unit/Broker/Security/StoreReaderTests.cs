using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Moldau.Broker.Security.Certificates;
using Moldau.Shared;
using Xunit;

namespace Moldau.Unit.Broker.Security;

/// <summary>Stores of keys and certificates, told apart by what is in them.</summary>
public class StoreReaderTests
{
    /// <summary>As Java's keytool writes it: a key with the password geheimer, the store with geheim.</summary>
    private const string JavaKey =
        "/u3+7QAAAAIAAAABAAAAAQADb3duAAABogL0Yq4AAAB/MH0wDgYKKwYBBAEqAhEBAQUABGty335mgIAe4DtO/zzSuPPmZGMLwvBj3a1D6a5OBMxqVCgC//99TivDX+9WRmnuFJeEhb1KjiFn2KYRX7"
        + "aArWQfvSYLNiNwqFECpgOZFVXTctjYNObXIs4B4n2DpvaVuctOaU8/MPejNGM/bQAAAAEABVguNTA5AAABWzCCAVcwgf2gAwIBAgIIWSiWlLNI/5EwCgYIKoZIzj0EAwIwHzEPMA0GA1UEChMGTW9s"
        + "ZGF1MQwwCgYDVQQDEwNqa3MwIBcNMjYxMTIyMTExMTQwWhgPMjEyNjEwMjkxMTExNDBaMB8xDzANBgNVBAoTBk1vbGRhdTEMMAoGA1UEAxMDamtzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAExV"
        + "GiLpmFgccUr0H/hzxNJG7EHhGCki4SpsjOfoHh6BCR2TMIx51d1aWN84L6hKh5d4cr5SH7qC8BxfU/5eLr+6MhMB8wHQYDVR0OBBYEFPzojqB+WEt6m13sJdOPiP0bM9qWMAoGCCqGSM49BAMCA0kA"
        + "MEYCIQDfegXUo00tiUqpwO0gzfc62wRUHJBjxnhkHvMsaRsyxgIhAOz39mYnsEkED7MilhphqlZoGqC2P0FSgyp5i1/g8tHQzHvhX9PPqFDZjjB3AIjqNiQ662Q=";

    private const string JavaTrust =
        "/u3+7QAAAAIAAAABAAAAAgACY2EAAAGiAvRoRwAFWC41MDkAAAFbMIIBVzCB/aADAgECAghZKJaUs0j/kTAKBggqhkjOPQQDAjAfMQ8wDQYDVQQKEwZNb2xkYXUxDDAKBgNVBAMTA2prczAgFw0yNj"
        + "ExMjIxMTExNDBaGA8yMTI2MTAyOTExMTE0MFowHzEPMA0GA1UEChMGTW9sZGF1MQwwCgYDVQQDEwNqa3MwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATFUaIumYWBxxSvQf+HPE0kbsQeEYKSLhKm"
        + "yM5+geHoEJHZMwjHnV3VpY3zgvqEqHl3hyvlIfuoLwHF9T/l4uv7oyEwHzAdBgNVHQ4EFgQU/OiOoH5YS3qbXewl04+I/Rsz2pYwCgYIKoZIzj0EAwIDSQAwRgIhAN96BdSjTS2JSqnA7SDN9zrbBF"
        + "QckGPGeGQe8yxpGzLGAiEA7Pf2ZiewSQQPsyKWGmGqVmgaoLY/QVKDKnmLX+Dy0dCOai93YQmjkhIFAp4HAJbuKoNB9A==";

    private static readonly TestCertificates Certificates = TestCertificates.Shared;

    [Fact]
    public void Keys_are_read_as_PEM_in_each_form()
    {
        var server = Certificates.Server;
        using var ecdsa = server.GetECDsaPrivateKey()!;
        var secret = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        var chain = server.ExportCertificatePem() + "\n" + Certificates.Authority.ExportCertificatePem();
        foreach (var text in new[]
        {
            $"# of a file\n{ecdsa.ExportPkcs8PrivateKeyPem()}\n{chain}",
            $"{chain}\n{ecdsa.ExportECPrivateKeyPem()}\n",
            $"{ecdsa.ExportEncryptedPkcs8PrivateKeyPem("geheim", secret)}\n{chain}",
            $"{ecdsa.ExportPkcs8PrivateKeyPem()}\n{chain}".Replace("\n", " ", StringComparison.Ordinal),
        })
        {
            var read = StoreReader.ReadKey(Encoding.UTF8.GetBytes(text), "f", null, "geheim");
            Assert.Equal(server.RawData, read.Own.RawData);
            Assert.True(read.Own.HasPrivateKey);
            Assert.Equal(Certificates.Authority.RawData, Assert.Single(read.Chain).RawData);
        }
    }

    [Fact]
    public void Keys_and_certificates_are_read_from_PKCS_12()
    {
        var store = new X509Certificate2Collection { Certificates.Server, X509CertificateLoader.LoadCertificate(Certificates.Authority.RawData) };
        var read = StoreReader.ReadKey(store.Export(X509ContentType.Pkcs12, "geheim")!, "f", "geheim", null);
        Assert.Equal(Certificates.Server.RawData, read.Own.RawData);
        Assert.Single(read.Chain);
        var trusted = new X509Certificate2Collection(X509CertificateLoader.LoadCertificate(Certificates.Authority.RawData));
        Assert.Equal(Certificates.Authority.RawData, Assert.Single(StoreReader.ReadCertificates(trusted.Export(X509ContentType.Pkcs12, "geheim")!, "f", "geheim")).RawData);
    }

    [Fact]
    public void Java_keystores_are_read()
    {
        var read = StoreReader.ReadKey(Convert.FromBase64String(JavaKey), "f", "geheim", "geheimer");
        Assert.Equal("CN=jks,O=Moldau", DistinguishedName.Text(read.Own.SubjectName.RawData));
        Assert.True(read.Own.HasPrivateKey);
        Assert.Equal(read.Own.RawData, Assert.Single(StoreReader.ReadCertificates(Convert.FromBase64String(JavaTrust), "f", "geheim")).RawData);
        Assert.Single(StoreReader.ReadCertificates(Convert.FromBase64String(JavaTrust), "f", null));
    }

    [Theory]
    [InlineData("geheim", null, "has another password than the one given")]
    [InlineData("falsch", null, "is damaged, or its password is another")]
    [InlineData(null, null, "its key has a password")]
    public void A_Java_keystores_passwords_are_asked_for(string? password, string? keyPassword, string fault) =>
        Assert.Contains(fault, Assert.Throws<StoreException>(() => StoreReader.ReadKey(Convert.FromBase64String(JavaKey), "f", password, keyPassword)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_damaged_store_is_refused_wherever_it_is_cut_or_changed()
    {
        var chance = new Random(7);
        var pem = Encoding.UTF8.GetBytes(Certificates.ServerPem);
        var pkcs12 = Certificates.Server.Export(X509ContentType.Pkcs12, "geheim");
        var java = Convert.FromBase64String(JavaKey);
        foreach (var whole in new[] { pem, pkcs12, java })
        {
            for (var i = 0; i < 60; i++)
            {
                var cut = whole[..chance.Next(whole.Length)];
                AssertReadOrRefused(cut);
                var changed = (byte[])whole.Clone();
                changed[chance.Next(changed.Length)] ^= (byte)chance.Next(1, 256);
                AssertReadOrRefused(changed);
            }
        }
    }

    [Theory]
    [InlineData("", "f is empty")]
    [InlineData("hello", "neither PEM nor PKCS#12 nor a Java keystore")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n", "openssl pkcs8 -topk8")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read")]
    public void What_cannot_be_read_is_told_with_a_way_out(string text, string fault) =>
        Assert.Contains(fault, Assert.Throws<StoreException>(() => StoreReader.ReadKey(Encoding.UTF8.GetBytes(text), "f", null, null)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_key_of_another_certificate_and_a_missing_one_are_told()
    {
        var stranger = Certificates.Client("x").ExportCertificatePem() + "\n" + Certificates.ServerPem[Certificates.ServerPem.IndexOf("-----BEGIN PRIVATE", StringComparison.Ordinal)..];
        Assert.Contains("cannot be read", Assert.Throws<StoreException>(() => StoreReader.ReadKey(Encoding.UTF8.GetBytes(stranger), "f", null, null)).Message, StringComparison.Ordinal);
        var alone = Encoding.UTF8.GetBytes(Certificates.AuthorityPem);
        Assert.Equal("f has no private key", Assert.Throws<StoreException>(() => StoreReader.ReadKey(alone, "f", null, null)).Message);
        Assert.Contains("keytool -importkeystore", Assert.Throws<StoreException>(() => StoreReader.ReadKey([0xCE, 0xCE, 0xCE, 0xCE, 0], "f", null, null)).Message, StringComparison.Ordinal);
    }

    private static void AssertReadOrRefused(byte[] bytes)
    {
        try
        {
            StoreReader.ReadKey(bytes, "f", "geheim", "geheimer");
        }
        catch (StoreException refused)
        {
            Assert.DoesNotContain("geheim", refused.Message, StringComparison.Ordinal);
        }
    }
}
