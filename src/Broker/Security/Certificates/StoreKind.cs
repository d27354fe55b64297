namespace Moldau.Broker.Security.Certificates;

/// <summary>What a store of keys or certificates is written in; its content says so, whatever its name or a setting does.</summary>
internal enum StoreKind
{
    Unknown,
    Pem,
    Pkcs12,
    Jks,
    Jceks,
}
