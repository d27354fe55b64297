using System.Security.Cryptography;
using System.Text;
using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Security.Sasl.Scram;

/// <summary>What RFC 5802, section 3, computes, with the hash of a mechanism.</summary>
internal sealed class ScramHash
{
    public const int LeastIterations = 4096;
    public const int MostIterations = 16384;

    private static readonly byte[] ClientLabel = "Client Key"u8.ToArray();
    private static readonly byte[] ServerLabel = "Server Key"u8.ToArray();

    private readonly HashAlgorithmName _name;

    private ScramHash(ScramMechanism mechanism, string text, HashAlgorithmName name, int length)
    {
        Mechanism = mechanism;
        Name = text;
        _name = name;
        Length = length;
    }

    public static ScramHash Sha256 { get; } = new(ScramMechanism.Sha256, SaslNames.ScramSha256, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);

    public static ScramHash Sha512 { get; } = new(ScramMechanism.Sha512, SaslNames.ScramSha512, HashAlgorithmName.SHA512, SHA512.HashSizeInBytes);

    public ScramMechanism Mechanism { get; }

    /// <summary>The mechanism's, as it is registered.</summary>
    public string Name { get; }

    /// <summary>Of a hash, in bytes.</summary>
    public int Length { get; }

    public static ScramHash? Find(ScramMechanism mechanism) => mechanism switch
    {
        ScramMechanism.Sha256 => Sha256,
        ScramMechanism.Sha512 => Sha512,
        _ => null,
    };

    public static ScramHash? Find(string name) => name == SaslNames.ScramSha256 ? Sha256 : name == SaslNames.ScramSha512 ? Sha512 : null;

    public byte[] Mac(byte[] key, byte[] message) => Mechanism == ScramMechanism.Sha256 ? HMACSHA256.HashData(key, message) : HMACSHA512.HashData(key, message);

    public byte[] Hash(byte[] message) => Mechanism == ScramMechanism.Sha256 ? SHA256.HashData(message) : SHA512.HashData(message);

    /// <summary>A password is its UTF-8 bytes as they are, as Kafka and its clients have it: nobody prepares it (RFC 4013).</summary>
    public byte[] SaltedPassword(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, _name, Length);

    public byte[] ClientKey(byte[] saltedPassword) => Mac(saltedPassword, ClientLabel);

    /// <summary>What is stored of a password.</summary>
    public CredentialRecord Credential(byte[] saltedPassword, byte[] salt, int iterations) =>
        new(salt, Hash(ClientKey(saltedPassword)), Mac(saltedPassword, ServerLabel), iterations);
}
