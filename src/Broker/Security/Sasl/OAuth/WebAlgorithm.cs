using System.Security.Cryptography;

namespace Moldau.Broker.Security.Sasl.OAuth;

/// <summary>
/// How a token is signed (RFC 7518, section 3). Only algorithms of public keys: with a secret one a public key would be the
/// secret, and "none" signs nothing.
/// </summary>
internal sealed record WebAlgorithm(string Name, HashAlgorithmName Hash, RSASignaturePadding? Padding, string? Curve)
{
    private static readonly WebAlgorithm[] All =
    [
        new("RS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, null),
        new("RS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1, null),
        new("RS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1, null),
        new("PS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pss, null),
        new("PS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pss, null),
        new("PS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pss, null),
        new("ES256", HashAlgorithmName.SHA256, null, "P-256"),
        new("ES384", HashAlgorithmName.SHA384, null, "P-384"),
        new("ES512", HashAlgorithmName.SHA512, null, "P-521"),
    ];

    /// <exception cref="TokenException">There is none of this name that counts.</exception>
    public static WebAlgorithm Of(string name) => Array.Find(All, one => one.Name == name) ?? throw new TokenException("a token signed by an algorithm that does not count");
}
