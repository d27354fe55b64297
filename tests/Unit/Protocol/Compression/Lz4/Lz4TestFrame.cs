using System.Buffers.Binary;

namespace Moldau.Unit.Protocol.Compression.Lz4;

/// <summary>Frames put together from parts; the header checksums are computed by a second, plain reading of xxHash's description.</summary>
internal static class Lz4TestFrame
{
    public const int FirstBlock = 7 + 4;

    private static ReadOnlySpan<byte> Magic => [0x04, 0x22, 0x4D, 0x18];

    /// <summary>One compressed block in the frame Kafka's producer writes.</summary>
    public static byte[] Of(byte[] block) => [.. Header(0x60, 0x40), .. Block(block), 0, 0, 0, 0];

    public static byte[] Header(byte flags, byte blockDescriptor, params byte[] optional)
    {
        byte[] descriptor = [flags, blockDescriptor, .. optional];
        return [.. Magic, .. descriptor, (byte)(XxHash(descriptor) >> 8)];
    }

    public static byte[] Block(byte[] block, bool stored = false) => [.. Number((uint)block.Length | (stored ? 0x80000000 : 0)), .. block];

    public static byte[] Number(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    public static uint XxHash(byte[] data)
    {
        const uint p1 = 2654435761, p2 = 2246822519, p3 = 3266489917, p4 = 668265263, p5 = 374761393;
        static uint Rotate(uint value, int by) => (value << by) | (value >> (32 - by));
        var at = 0;
        var hash = p5;
        if (data.Length >= 16)
        {
            uint[] lanes = [unchecked(p1 + p2), p2, 0, unchecked(0u - p1)];
            for (; at + 16 <= data.Length; at += 16)
            {
                for (var lane = 0; lane < 4; lane++) lanes[lane] = Rotate(lanes[lane] + BitConverter.ToUInt32(data, at + 4 * lane) * p2, 13) * p1;
            }
            hash = Rotate(lanes[0], 1) + Rotate(lanes[1], 7) + Rotate(lanes[2], 12) + Rotate(lanes[3], 18);
        }
        hash += (uint)data.Length;
        for (; at + 4 <= data.Length; at += 4) hash = Rotate(hash + BitConverter.ToUInt32(data, at) * p3, 17) * p4;
        for (; at < data.Length; at++) hash = Rotate(hash + data[at] * p5, 11) * p1;
        hash = (hash ^ (hash >> 15)) * p2;
        hash = (hash ^ (hash >> 13)) * p3;
        return hash ^ (hash >> 16);
    }
}
