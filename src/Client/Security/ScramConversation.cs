using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Moldau.Client.Security;

/// <summary>SCRAM from the client's side: it proves the password, and has the broker prove that it knows what belongs to it.</summary>
internal sealed class ScramConversation(HashAlgorithmName hash, string user, byte[] password, bool isToken, string nonce) : SaslConversation
{
    private const int FewestIterations = 4096;

    // More would keep a client busy for whoever pretends to be a broker.
    private const int MostIterations = 1_000_000;

    private readonly string _first = $"n={user},r={nonce}{(isToken ? ",tokenauth=true" : "")}";
    private byte[]? _expected;

    public override ValueTask<byte[]> FirstAsync(CancellationToken cancellation) => ValueTask.FromResult(Encoding.UTF8.GetBytes("n,," + _first));

    public override byte[]? Next(ReadOnlySpan<byte> told)
    {
        var text = Encoding.UTF8.GetString(told);
        if (_expected is null) return Prove(text);
        if (Field(text, 'e') is { } error) throw new SaslRefusedException($"the broker refused it: {error}");
        if (!CryptographicOperations.FixedTimeEquals(Bytes(Field(text, 'v'), "signature"), _expected))
            throw new SaslRefusedException("the broker did not prove that it knows the user; it may be somebody else");
        return null;
    }

    private byte[] Prove(string serverFirst)
    {
        var theirs = Field(serverFirst, 'r');
        if (theirs is null || theirs.Length <= nonce.Length || !theirs.StartsWith(nonce, StringComparison.Ordinal))
            throw new SaslRefusedException("the broker's nonce does not begin with the client's");
        var salt = Bytes(Field(serverFirst, 's'), "salt");
        if (!int.TryParse(Field(serverFirst, 'i'), NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) || iterations is < FewestIterations or > MostIterations)
            throw new SaslRefusedException($"the broker wants {Field(serverFirst, 'i')} iterations; {FewestIterations} to {MostIterations} are possible");
        var size = hash == HashAlgorithmName.SHA512 ? SHA512.HashSizeInBytes : SHA256.HashSizeInBytes;
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, hash, size);
        var withoutProof = "c=biws,r=" + theirs;
        var message = Encoding.UTF8.GetBytes($"{_first},{serverFirst},{withoutProof}");
        var clientKey = Hmac(salted, "Client Key"u8);
        var proof = Hmac(Hash(clientKey), message);
        for (var i = 0; i < proof.Length; i++) proof[i] ^= clientKey[i];
        _expected = Hmac(Hmac(salted, "Server Key"u8), message);
        return Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String(proof)}");
    }

    private byte[] Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data) =>
        hash == HashAlgorithmName.SHA512 ? HMACSHA512.HashData(key, data) : HMACSHA256.HashData(key, data);

    private byte[] Hash(ReadOnlySpan<byte> data) => hash == HashAlgorithmName.SHA512 ? SHA512.HashData(data) : SHA256.HashData(data);

    private static string? Field(string text, char name)
    {
        foreach (var part in text.Split(','))
        {
            if (part.Length > 1 && part[0] == name && part[1] == '=') return part[2..];
        }

        return null;
    }

    private static byte[] Bytes(string? base64, string what)
    {
        var bytes = new byte[base64?.Length ?? 0];
        return base64 is not null && Convert.TryFromBase64String(base64, bytes, out var length) && length > 0
            ? bytes[..length]
            : throw new SaslRefusedException($"the broker's answer has no {what}");
    }
}
