using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Moldau.Shared.Security;

/// <summary>A key that signs tokens, and what others are told of it.</summary>
internal sealed class TokenKey : IDisposable
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _curve;

    private TokenKey(string id, string algorithm, RSA? rsa, ECDsa? curve) => (Id, Algorithm, _rsa, _curve) = (id, algorithm, rsa, curve);

    public string Id { get; }

    public string Algorithm { get; }

    /// <summary>The public half, as PEM has it: what a forger takes for a secret.</summary>
    public string Pem => _rsa?.ExportSubjectPublicKeyInfoPem() ?? _curve!.ExportSubjectPublicKeyInfoPem();

    public static TokenKey Make(string id, string algorithm, int bits = 2048) => algorithm switch
    {
        "ES256" => new TokenKey(id, algorithm, null, ECDsa.Create(ECCurve.NamedCurves.nistP256)),
        "ES384" => new TokenKey(id, algorithm, null, ECDsa.Create(ECCurve.NamedCurves.nistP384)),
        "ES512" => new TokenKey(id, algorithm, null, ECDsa.Create(ECCurve.NamedCurves.nistP521)),
        _ => new TokenKey(id, algorithm, RSA.Create(bits), null),
    };

    public static string Set(params TokenKey[] keys) => $$"""{"keys":[{{string.Join(',', keys.Select(static key => key.Public()))}}]}""";

    /// <summary>A token with these claims.</summary>
    public string Sign(string claims, string? header = null)
    {
        var signed = $"{Encode(header ?? $$"""{"alg":"{{Algorithm}}","kid":"{{Id}}","typ":"JWT"}""")}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public string Public(string more = "")
    {
        if (_rsa is not null)
        {
            var rsa = _rsa.ExportParameters(includePrivateParameters: false);
            return $$"""{"kty":"RSA","kid":"{{Id}}"{{more}},"n":"{{Base64Url.EncodeToString(rsa.Modulus)}}","e":"{{Base64Url.EncodeToString(rsa.Exponent)}}"}""";
        }

        var curve = _curve!.ExportParameters(includePrivateParameters: false);
        var name = Algorithm switch { "ES256" => "P-256", "ES384" => "P-384", _ => "P-521" };
        return $$"""{"kty":"EC","kid":"{{Id}}"{{more}},"crv":"{{name}}","x":"{{Base64Url.EncodeToString(curve.Q.X)}}","y":"{{Base64Url.EncodeToString(curve.Q.Y)}}"}""";
    }

    public void Dispose()
    {
        _rsa?.Dispose();
        _curve?.Dispose();
    }

    private byte[] Sign(byte[] bytes)
    {
        var hash = new HashAlgorithmName("SHA" + Algorithm[2..]);
        return _rsa?.SignData(bytes, hash, Algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1) ?? _curve!.SignData(bytes, hash);
    }
}
