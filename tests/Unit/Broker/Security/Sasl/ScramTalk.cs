using System.Globalization;
using System.Text;
using Moldau.Broker.Security.Sasl.Scram;

namespace Moldau.Unit.Broker.Security.Sasl;

/// <summary>A client's side of SCRAM.</summary>
internal sealed class ScramTalk(ScramHash hash, string name, string password, string extensions = "")
{
    private const string Nonce = "clientnonce";

    private readonly string _bare = $"n={name.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal)},r={Nonce}{extensions}";

    /// <summary>How often its own nonce stands before the server's in the end.</summary>
    public int NonceTimes { get; init; } = 1;

    public string First => "n,," + _bare;

    public string Final(string serverFirst)
    {
        var parts = serverFirst.Split(',');
        var (nonce, salt, iterations) = (parts[0][2..], Convert.FromBase64String(parts[1][2..]), int.Parse(parts[2][2..], CultureInfo.InvariantCulture));
        var clientKey = hash.ClientKey(hash.SaltedPassword(password, salt, iterations));
        nonce = string.Concat(Enumerable.Repeat(Nonce, NonceTimes)) + nonce[Nonce.Length..];
        var bare = $"c=biws,r={nonce}";
        var signature = hash.Mac(hash.Hash(clientKey), Encoding.UTF8.GetBytes($"{_bare},{serverFirst},{bare}"));
        for (var i = 0; i < signature.Length; i++) signature[i] ^= clientKey[i];
        return $"{bare},p={Convert.ToBase64String(signature)}";
    }
}
