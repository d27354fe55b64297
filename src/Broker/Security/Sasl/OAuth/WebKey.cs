using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Moldau.Broker.Security.Sasl.OAuth;

/// <summary>A public key of a key set (RFC 7517), and what it may check.</summary>
internal sealed class WebKey
{
    private const int LeastRsaBits = 2048;
    private const int MostRsaBits = 16384;

    private readonly RSAParameters? _rsa;
    private readonly ECParameters? _curve;
    private readonly string? _curveName;
    private readonly string? _algorithm;

    private WebKey(string? id, string? algorithm, RSAParameters? rsa, ECParameters? curve, string? curveName)
    {
        Id = id;
        _algorithm = algorithm;
        _rsa = rsa;
        _curve = curve;
        _curveName = curveName;
    }

    public string? Id { get; }

    /// <returns>Null for a key that checks no signatures here: of another kind, for another use, or too weak.</returns>
    public static WebKey? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || WebToken.Text(json, "use") is { } use && use != "sig") return null;
        var (id, algorithm) = (WebToken.Text(json, "kid"), WebToken.Text(json, "alg"));
        try
        {
            if (WebToken.Text(json, "kty") == "RSA") return Rsa(json, id, algorithm);
            return WebToken.Text(json, "kty") == "EC" ? Curve(json, id, algorithm) : null;
        }
        catch (Exception bad) when (bad is FormatException or CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Whether a signature of this algorithm can be this key's: what the key says counts, not what the token would like.</summary>
    public bool Fits(WebAlgorithm algorithm) =>
        (_algorithm is null || _algorithm == algorithm.Name) && (algorithm.Padding is not null ? _rsa is not null : _curveName == algorithm.Curve);

    public bool HasSigned(WebToken token, WebAlgorithm algorithm)
    {
        try
        {
            if (_rsa is { } parameters)
            {
                using var rsa = RSA.Create(parameters);
                return rsa.VerifyData(token.Signed, token.Signature, algorithm.Hash, algorithm.Padding!);
            }

            using var curve = ECDsa.Create(_curve!.Value);
            return curve.VerifyData(token.Signed, token.Signature, algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static WebKey? Rsa(JsonElement json, string? id, string? algorithm)
    {
        if (Bytes(json, "n") is not { } modulus || Bytes(json, "e") is not { } exponent) return null;
        var bits = modulus.AsSpan().TrimStart((byte)0).Length * 8;
        return bits is < LeastRsaBits or > MostRsaBits ? null : new WebKey(id, algorithm, new RSAParameters { Modulus = modulus, Exponent = exponent }, null, null);
    }

    private static WebKey? Curve(JsonElement json, string? id, string? algorithm)
    {
        if (Bytes(json, "x") is not { } x || Bytes(json, "y") is not { } y) return null;
        var name = WebToken.Text(json, "crv");
        ECCurve? curve = name switch
        {
            "P-256" => ECCurve.NamedCurves.nistP256,
            "P-384" => ECCurve.NamedCurves.nistP384,
            "P-521" => ECCurve.NamedCurves.nistP521,
            _ => null,
        };
        if (curve is not { } known) return null;
        var parameters = new ECParameters { Curve = known, Q = new ECPoint { X = x, Y = y } };
        // Refuses a point that is not on the curve.
        using var tried = ECDsa.Create(parameters);
        return new WebKey(id, algorithm, null, parameters, name);
    }

    private static byte[]? Bytes(JsonElement json, string name) => WebToken.Text(json, name) is { Length: > 0 } text ? Base64Url.DecodeFromChars(text) : null;
}
