using System.Buffers.Binary;
using Moldau.Protocol.Checksums;

namespace Moldau.Storage.Facts.Journal;

/// <summary>
/// A length, a checksum and a payload. A frame is what one flush makes durable: the next one is written only when it is,
/// so that after a crash at most the last one is torn.
/// </summary>
internal static class Frame
{
    public const int HeadLength = 12;

    private const int Mark = 0x4D466163;
    private const int LengthAt = 4;
    private const int ChecksumAt = 8;

    public static byte[] Build(ReadOnlySpan<byte> payload, uint seed)
    {
        var frame = new byte[HeadLength + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, Mark);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(LengthAt), payload.Length);
        payload.CopyTo(frame.AsSpan(HeadLength));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(ChecksumAt), ChecksumOf(frame, seed));
        return frame;
    }

    /// <summary>Whether a sound frame begins here; then its payload.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, uint seed, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (bytes.Length <= HeadLength || BinaryPrimitives.ReadInt32BigEndian(bytes) != Mark) return false;
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[LengthAt..]);
        if (length <= 0 || length > bytes.Length - HeadLength) return false;
        var frame = bytes[..(HeadLength + length)];
        if (BinaryPrimitives.ReadUInt32BigEndian(frame[ChecksumAt..]) != ChecksumOf(frame, seed)) return false;
        payload = frame[HeadLength..];
        return true;
    }

    /// <summary>Where the first sound frame in the bytes begins; -1 where there is none.</summary>
    public static int IndexOfSound(ReadOnlySpan<byte> bytes, uint seed)
    {
        Span<byte> mark = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(mark, Mark);
        for (var position = 0; ; position++)
        {
            var next = bytes[position..].IndexOf(mark);
            if (next < 0) return -1;
            position += next;
            if (TryRead(bytes[position..], seed, out _)) return position;
        }
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> frame, uint seed) =>
        Crc32C.Append(Crc32C.Append(seed, frame.Slice(LengthAt, 4)), frame[HeadLength..]);
}
