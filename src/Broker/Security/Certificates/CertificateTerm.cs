namespace Moldau.Broker.Security.Certificates;

/// <summary>From when until when the certificate of a keystore holds, for whoever looks before a broker does.</summary>
/// <param name="From">When it begins to hold.</param>
/// <param name="Until">When it ends.</param>
/// <param name="Problem">Why it cannot be read, as a sentence; null where it can.</param>
public sealed record CertificateTerm(DateTimeOffset From, DateTimeOffset Until, string? Problem)
{
    /// <param name="content">The keystore's.</param>
    /// <param name="where">For the sentence.</param>
    /// <param name="password">The keystore's; null for none.</param>
    /// <param name="keyPassword">The key's; null for the keystore's.</param>
    public static CertificateTerm Read(byte[] content, string where, string? password, string? keyPassword)
    {
        try
        {
            var material = StoreReader.ReadKey(content, where, password, keyPassword);
            using var own = material.Own;
            return new CertificateTerm(own.NotBefore.ToUniversalTime(), own.NotAfter.ToUniversalTime(), null);
        }
        catch (StoreException fault)
        {
            return new CertificateTerm(default, default, fault.Message);
        }
    }
}
