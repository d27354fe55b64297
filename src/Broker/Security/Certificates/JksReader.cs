using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace Moldau.Broker.Security.Certificates;

/// <summary>
/// Java's own kind of keystore. Certificates lie open in it; a key is hidden under a stream that SHA-1 makes of the
/// password and a salt, and the whole is sealed with SHA-1 over the password and what is in it.
/// </summary>
[SuppressMessage("Security", "CA5350", Justification = "The format knows no other digest; what it protects is what somebody has put there.")]
internal static class JksReader
{
    private const int HeaderBytes = 12;
    private const int DigestBytes = 20;
    private const int KeyTag = 1;
    private const int CertificateTag = 2;
    private const string KeyProtector = "1.3.6.1.4.1.42.2.17.1.1";

    private static ReadOnlySpan<byte> SealWord => "Mighty Aphrodite"u8;

    /// <param name="content">All of it.</param>
    /// <param name="where">How it is called in what is told of it.</param>
    /// <param name="password">Null to read it without looking at its seal, as Java does for a truststore.</param>
    public static JksContent Read(ReadOnlySpan<byte> content, string where, string? password)
    {
        if (content.Length < HeaderBytes + DigestBytes) throw new StoreException($"{where} ends in the middle");
        if (password is not null && !SHA1.HashData([.. Utf16(password), .. SealWord, .. content[..^DigestBytes]]).AsSpan().SequenceEqual(content[^DigestBytes..]))
            throw new StoreException($"{where} is damaged, or its password is another than the one given");
        var version = BinaryPrimitives.ReadInt32BigEndian(content[4..]);
        var count = BinaryPrimitives.ReadInt32BigEndian(content[8..]);
        var rest = content[HeaderBytes..^DigestBytes];
        var keys = new List<JksKey>();
        var trusted = new List<byte[]>();
        for (var i = 0; i < count; i++)
        {
            var tag = Int(ref rest);
            Text(ref rest);
            Take(ref rest, sizeof(long));
            if (tag == KeyTag)
            {
                var hidden = Take(ref rest, Int(ref rest)).ToArray();
                var chain = new List<byte[]>();
                for (var left = Int(ref rest); left > 0; left--) chain.Add(Certificate(ref rest, version));
                keys.Add(new JksKey(hidden, chain));
            }
            else if (tag == CertificateTag)
            {
                trusted.Add(Certificate(ref rest, version));
            }
            else
            {
                throw new StoreException($"{where} has an entry of kind {tag}, which no Java keystore has: it is damaged");
            }
        }

        return new JksContent(keys, trusted);
    }

    /// <summary>The key as PKCS#8.</summary>
    public static byte[] Open(byte[] hidden, string password, string where)
    {
        var outer = new AsnReader(hidden, AsnEncodingRules.DER).ReadSequence();
        var algorithm = outer.ReadSequence().ReadObjectIdentifier();
        if (algorithm != KeyProtector) throw new StoreException($"the key in {where} is protected by {algorithm}, which no Java keystore of this kind does: it is damaged");
        var bytes = outer.ReadOctetString();
        if (bytes.Length < 2 * DigestBytes) throw new StoreException($"the key in {where} is cut off");
        var secret = Utf16(password);
        var key = bytes[DigestBytes..^DigestBytes];
        var stream = bytes[..DigestBytes];
        for (var i = 0; i < key.Length; i++)
        {
            if (i % DigestBytes == 0) stream = SHA1.HashData([.. secret, .. stream]);
            key[i] ^= stream[i % DigestBytes];
        }

        return CryptographicOperations.FixedTimeEquals(SHA1.HashData([.. secret, .. key]), bytes.AsSpan(bytes.Length - DigestBytes))
            ? key : throw new StoreException($"the key in {where} has another password than the one given: give it by ssl.key.password");
    }

    private static byte[] Utf16(string password) => Encoding.BigEndianUnicode.GetBytes(password);

    private static byte[] Certificate(ref ReadOnlySpan<byte> rest, int version)
    {
        if (version > 1) Text(ref rest);
        return Take(ref rest, Int(ref rest)).ToArray();
    }

    private static int Int(ref ReadOnlySpan<byte> rest) => BinaryPrimitives.ReadInt32BigEndian(Take(ref rest, sizeof(int)));

    private static void Text(ref ReadOnlySpan<byte> rest) => Take(ref rest, BinaryPrimitives.ReadUInt16BigEndian(Take(ref rest, sizeof(ushort))));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int length)
    {
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
