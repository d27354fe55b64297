using System.Security.Cryptography;
using Moldau.Broker.Security.Certificates;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Storage.Files;

namespace Moldau.Broker.Security.Tls;

/// <summary>What the files of a listener's certificates hold at one moment.</summary>
/// <param name="Key">Null where the setting itself holds it.</param>
/// <param name="Trusted">Null likewise, or where there is none.</param>
internal sealed record TlsFiles(byte[]? Key, byte[]? Trusted)
{
    /// <exception cref="StoreException">One cannot be read.</exception>
    public static TlsFiles Read(TlsSettings settings, ISmallFiles files)
    {
        try
        {
            return new TlsFiles(
                settings.KeyStore.Location is { } key ? files.Read(key) : null,
                settings.TrustStore.Location is { } trusted ? files.Read(trusted) : null);
        }
        catch (DiskException fault)
        {
            throw new StoreException(fault.Message, fault);
        }
    }

    /// <summary>Another where a byte of them is.</summary>
    public string Fingerprint => $"{Of(Key)} {Of(Trusted)}";

    private static string Of(byte[]? bytes) => bytes is null ? "-" : Convert.ToHexString(SHA256.HashData(bytes));
}
