using System.Buffers.Binary;
using Moldau.Protocol.Checksums;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
// The folder beside this one has the name of that class.
using BatchCodecs = Moldau.Protocol.Compression.Codecs;

namespace Moldau.Compatibility.Records;

/// <summary>A batch with one fault put into it.</summary>
/// <param name="Fault">What was done to it.</param>
/// <param name="Bytes">The batch as it is then.</param>
/// <param name="IsLength">Whether the fault is in the length field.</param>
internal sealed record DamagedBatch(string Fault, byte[] Bytes, bool IsLength = false)
{
    /// <summary>
    /// Every bit of the header, bits of the records, and ends that are missing. Not the base offset: it is the broker's
    /// to set, neither Kafka's validation nor ours looks at what a producer put there.
    /// </summary>
    public static IEnumerable<DamagedBatch> InPlace(string name, byte[] batch, Random random, int flips, int cuts)
    {
        foreach (var (at, bit) in Bits(BatchLayout.Length, batch.Length, random, flips))
            yield return new DamagedBatch($"{name}: bit {bit} of byte {at}", Flip(batch, at, bit), IsLength: at < BatchLayout.LeaderEpoch);
        for (var i = 0; i < cuts; i++)
        {
            var length = i == 0 ? batch.Length - 1 : random.Next(1, batch.Length);
            yield return new DamagedBatch($"{name}: cut to {length} bytes", batch[..length]);
        }
    }

    /// <summary>Such bits, with a checksum that hides them: what lies behind it must stand by itself.</summary>
    public static IEnumerable<DamagedBatch> Resealed(string name, byte[] batch, Random random, int flips)
    {
        foreach (var (at, bit) in Bits(BatchLayout.ChecksumStart, batch.Length, random, flips))
            yield return new DamagedBatch($"{name}, resealed: bit {bit} of byte {at}", Seal(Flip(batch, at, bit)));
    }

    /// <summary>Flips a bit of the records before they are compressed.</summary>
    public static IEnumerable<DamagedBatch> Inside(string name, byte[] plain, CompressionType codec, Random random, int flips)
    {
        for (var i = 0; i < flips; i++)
        {
            var at = random.Next(BatchLayout.HeaderSize, plain.Length);
            var bit = random.Next(8);
            yield return new DamagedBatch($"{name}, {codec} of bit {bit} of byte {at}", Compress(Flip(plain, at, bit), codec));
        }
    }

    private static IEnumerable<(int At, int Bit)> Bits(int start, int length, Random random, int flips)
    {
        for (var bit = start * 8; bit < BatchLayout.HeaderSize * 8; bit++) yield return (bit / 8, bit % 8);
        for (var i = 0; i < flips; i++) yield return (random.Next(BatchLayout.HeaderSize, length), random.Next(8));
    }

    private static byte[] Flip(byte[] batch, int at, int bit)
    {
        var copy = (byte[])batch.Clone();
        copy[at] ^= (byte)(1 << bit);
        return copy;
    }

    private static byte[] Compress(byte[] plain, CompressionType codec)
    {
        using var content = new PooledBuffer();
        content.Write(plain.AsSpan(0, BatchLayout.HeaderSize));
        BatchCodecs.Compress(codec, plain.AsSpan(BatchLayout.HeaderSize), content, BatchCodecs.CheckLevel(codec, null));
        var batch = content.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(BatchLayout.Length), batch.Length - BatchLayout.LengthOverhead);
        batch[BatchLayout.Attributes + 1] |= (byte)codec;
        return Seal(batch);
    }

    private static byte[] Seal(byte[] batch)
    {
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(BatchLayout.Checksum), Crc32C.Compute(batch.AsSpan(BatchLayout.ChecksumStart)));
        return batch;
    }
}
