using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Moldau.Storage.Compaction;

/// <summary>
/// SipHash-2-4 with 128 bits of result (Aumasson, Bernstein: SipHash, a fast short-input PRF). Two keys of one hash would
/// be taken for one, and the record of the earlier one dropped. With 128 bits that does not happen by accident; and since
/// the secret is drawn anew for each pass, nobody can bring it about, as anybody can with MD5, whose collisions are made
/// in seconds. It also is faster than MD5 on keys of some bytes.
/// </summary>
internal readonly struct KeyHasher
{
    private const int SecretSize = 16;

    private readonly ulong _v0;
    private readonly ulong _v1;
    private readonly ulong _v2;
    private readonly ulong _v3;

    /// <param name="secret">16 bytes.</param>
    public KeyHasher(ReadOnlySpan<byte> secret)
    {
        var first = BinaryPrimitives.ReadUInt64LittleEndian(secret);
        var second = BinaryPrimitives.ReadUInt64LittleEndian(secret[sizeof(ulong)..]);
        _v0 = first ^ 0x736f6d6570736575;
        // The last byte tells the function of 128 bits from that of 64.
        _v1 = second ^ 0x646f72616e646f6d ^ 0xEE;
        _v2 = first ^ 0x6c7967656e657261;
        _v3 = second ^ 0x7465646279746573;
    }

    public static KeyHasher Draw(Random chance)
    {
        Span<byte> secret = stackalloc byte[SecretSize];
        chance.NextBytes(secret);
        return new KeyHasher(secret);
    }

    public KeyHash Hash(ReadOnlySpan<byte> key)
    {
        var (v0, v1, v2, v3) = (_v0, _v1, _v2, _v3);
        var last = (ulong)key.Length << 56;
        for (; key.Length >= sizeof(ulong); key = key[sizeof(ulong)..]) Mix(ref v0, ref v1, ref v2, ref v3, BinaryPrimitives.ReadUInt64LittleEndian(key));
        for (var i = 0; i < key.Length; i++) last |= (ulong)key[i] << (i * 8);
        Mix(ref v0, ref v1, ref v2, ref v3, last);

        v2 ^= 0xEE;
        Finish(ref v0, ref v1, ref v2, ref v3);
        var first = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xDD;
        Finish(ref v0, ref v1, ref v2, ref v3);
        return new KeyHash(first, v0 ^ v1 ^ v2 ^ v3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3, ulong word)
    {
        v3 ^= word;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        for (var i = 0; i < 4; i++) Round(ref v0, ref v1, ref v2, ref v3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v2 += v3;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
