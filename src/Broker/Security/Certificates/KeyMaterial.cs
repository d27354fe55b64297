using System.Security.Cryptography.X509Certificates;

namespace Moldau.Broker.Security.Certificates;

/// <summary>What a server shows of itself.</summary>
/// <param name="Own">Its certificate, with its key.</param>
/// <param name="Chain">Those between it and one that others trust, as far as they were given.</param>
public sealed record KeyMaterial(X509Certificate2 Own, X509Certificate2Collection Chain);
