using System.Security.Cryptography;
using System.Text;

namespace Moldau.Client.Security;

/// <summary>A name and a password that never cross the wire (RFC 5802); also the id and the secret of a delegation token.</summary>
public sealed class ScramCredentials : SaslCredentials
{
    private readonly HashAlgorithmName _hash;
    private readonly string _user;
    private readonly string _password;

    private ScramCredentials(string mechanism, HashAlgorithmName hash, string user, string password)
        : base(mechanism)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        ArgumentNullException.ThrowIfNull(password);
        (_hash, _user, _password) = (hash, user, password);
    }

    /// <summary>Whether user and password are the id and the secret of a delegation token (KIP-48).</summary>
    public bool IsToken { get; init; }

    public static ScramCredentials Sha256(string user, string password, bool isToken = false) =>
        new("SCRAM-SHA-256", HashAlgorithmName.SHA256, user, password) { IsToken = isToken };

    public static ScramCredentials Sha512(string user, string password, bool isToken = false) =>
        new("SCRAM-SHA-512", HashAlgorithmName.SHA512, user, password) { IsToken = isToken };

    internal override SaslConversation Begin(Func<string> nonce, string host) => new ScramConversation(_hash, Escaped(_user), Encoding.UTF8.GetBytes(_password), IsToken, nonce());

    private static string Escaped(string name) => name.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);
}
