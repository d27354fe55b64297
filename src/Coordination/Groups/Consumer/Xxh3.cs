using System.Buffers.Binary;
using System.Numerics;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>
/// XXH3 with 64 bits, unseeded, as xxhash's specification (doc/xxhash_spec.md) has it; Kafka stores hashes of topics' metadata
/// by it.
/// </summary>
internal static class Xxh3
{
    private const ulong Prime32One = 0x9E3779B1;
    private const ulong Prime32Two = 0x85EBCA77;
    private const ulong Prime32Three = 0xC2B2AE3D;
    private const ulong PrimeOne = 0x9E3779B185EBCA87;
    private const ulong PrimeTwo = 0xC2B2AE3D27D4EB4F;
    private const ulong PrimeThree = 0x165667B19E3779F9;
    private const ulong PrimeFour = 0x85EBCA77C2B2AE63;
    private const ulong PrimeFive = 0x27D4EB2F165667C5;
    private const ulong PrimeMx1 = 0x165667919E3779F9;
    private const ulong PrimeMx2 = 0x9FB21C651E98DF25;
    private const int Lanes = 8;
    private const int Stripe = 64;
    private const int StripesPerBlock = 16;

    // The specification's default secret.
    private static readonly byte[] Secret = Convert.FromHexString(
        "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c" +
        "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364" +
        "eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e");

    public static ulong Hash(ReadOnlySpan<byte> data) => data.Length switch
    {
        0 => Avalanche64(Key(56) ^ Key(64)),
        <= 3 => Tiny(data),
        <= 8 => Small(data),
        <= 16 => Medium(data),
        <= 128 => UpTo128(data),
        <= 240 => UpTo240(data),
        _ => Long(data),
    };

    private static ulong Tiny(ReadOnlySpan<byte> data)
    {
        var combined = ((uint)data[0] << 16) | ((uint)data[data.Length >> 1] << 24) | data[^1] | ((uint)data.Length << 8);
        var flip = BinaryPrimitives.ReadUInt32LittleEndian(Secret) ^ BinaryPrimitives.ReadUInt32LittleEndian(Secret.AsSpan(4));
        return Avalanche64(combined ^ flip);
    }

    private static ulong Small(ReadOnlySpan<byte> data)
    {
        var combined = BinaryPrimitives.ReadUInt32LittleEndian(data[^4..]) + ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(data) << 32);
        var mixed = combined ^ Key(8) ^ Key(16);
        mixed ^= BitOperations.RotateLeft(mixed, 49) ^ BitOperations.RotateLeft(mixed, 24);
        mixed *= PrimeMx2;
        mixed ^= (mixed >> 35) + (ulong)data.Length;
        mixed *= PrimeMx2;
        return mixed ^ (mixed >> 28);
    }

    private static ulong Medium(ReadOnlySpan<byte> data)
    {
        var low = Word(data, 0) ^ Key(24) ^ Key(32);
        var high = Word(data, data.Length - 8) ^ Key(40) ^ Key(48);
        return Avalanche((ulong)data.Length + BinaryPrimitives.ReverseEndianness(low) + high + Fold(low, high));
    }

    private static ulong UpTo128(ReadOnlySpan<byte> data)
    {
        var sum = (ulong)data.Length * PrimeOne;
        for (var pair = (data.Length - 1) >> 5; pair >= 0; pair--)
        {
            sum += Mix16(data, pair * 16, pair * 32);
            sum += Mix16(data, data.Length - ((pair + 1) * 16), (pair * 32) + 16);
        }

        return Avalanche(sum);
    }

    private static ulong UpTo240(ReadOnlySpan<byte> data)
    {
        var sum = (ulong)data.Length * PrimeOne;
        for (var chunk = 0; chunk < 8; chunk++) sum += Mix16(data, chunk * 16, chunk * 16);
        sum = Avalanche(sum);
        for (var chunk = 8; chunk < data.Length / 16; chunk++) sum += Mix16(data, chunk * 16, ((chunk - 8) * 16) + 3);
        return Avalanche(sum + Mix16(data, data.Length - 16, 136 - 17));
    }

    private static ulong Long(ReadOnlySpan<byte> data)
    {
        Span<ulong> sums = [Prime32Three, PrimeOne, PrimeTwo, PrimeThree, PrimeFour, Prime32Two, PrimeFive, Prime32One];
        const int Block = Stripe * StripesPerBlock;
        var blocks = (data.Length - 1) / Block;
        for (var block = 0; block < blocks; block++)
        {
            for (var stripe = 0; stripe < StripesPerBlock; stripe++) Accumulate(sums, data[((block * Block) + (stripe * Stripe))..], stripe * 8);
            for (var lane = 0; lane < Lanes; lane++) sums[lane] = (sums[lane] ^ (sums[lane] >> 47) ^ Key(Secret.Length - Stripe + (lane * 8))) * Prime32One;
        }

        var left = (data.Length - 1 - (blocks * Block)) / Stripe;
        for (var stripe = 0; stripe < left; stripe++) Accumulate(sums, data[((blocks * Block) + (stripe * Stripe))..], stripe * 8);
        Accumulate(sums, data[^Stripe..], Secret.Length - Stripe - 7);
        var hash = (ulong)data.Length * PrimeOne;
        for (var lane = 0; lane < Lanes; lane += 2) hash += Fold(sums[lane] ^ Key(11 + (lane * 8)), sums[lane + 1] ^ Key(19 + (lane * 8)));
        return Avalanche(hash);
    }

    private static void Accumulate(Span<ulong> sums, ReadOnlySpan<byte> stripe, int secret)
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            var word = Word(stripe, lane * 8);
            var keyed = word ^ Key(secret + (lane * 8));
            sums[lane ^ 1] += word;
            sums[lane] += (uint)keyed * (keyed >> 32);
        }
    }

    private static ulong Mix16(ReadOnlySpan<byte> data, int at, int secret) => Fold(Word(data, at) ^ Key(secret), Word(data, at + 8) ^ Key(secret + 8));

    private static ulong Word(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt64LittleEndian(data[at..]);

    private static ulong Key(int at) => BinaryPrimitives.ReadUInt64LittleEndian(Secret.AsSpan(at));

    private static ulong Fold(ulong one, ulong other) => Math.BigMul(one, other, out var low) ^ low;

    private static ulong Avalanche(ulong hash)
    {
        hash = (hash ^ (hash >> 37)) * PrimeMx1;
        return hash ^ (hash >> 32);
    }

    private static ulong Avalanche64(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * PrimeTwo;
        hash = (hash ^ (hash >> 29)) * PrimeThree;
        return hash ^ (hash >> 32);
    }
}
