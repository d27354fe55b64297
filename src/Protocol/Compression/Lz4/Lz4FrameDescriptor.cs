using System.Buffers.Binary;

namespace Moldau.Protocol.Compression.Lz4;

/// <summary>What a frame says about itself before its first block ("Frame Descriptor" in the LZ4 frame format).</summary>
internal readonly struct Lz4FrameDescriptor
{
    private const int VersionShift = 6;
    private const int BlockIndependence = 0x20;
    private const int BlockChecksum = 0x10;
    private const int ContentSizePresent = 0x08;
    private const int ContentChecksum = 0x04;
    private const int ReservedFlag = 0x02;
    private const int DictionaryId = 0x01;

    private readonly byte _flags;

    private Lz4FrameDescriptor(byte flags, int maxBlockSize, ulong contentSize, int length)
    {
        _flags = flags;
        MaxBlockSize = maxBlockSize;
        ContentSize = contentSize;
        Length = length;
    }

    public int MaxBlockSize { get; }

    /// <summary>Meaningful when <see cref="HasContentSize"/>.</summary>
    public ulong ContentSize { get; }

    /// <summary>Bytes the descriptor takes, its checksum included.</summary>
    public int Length { get; }

    public bool HasIndependentBlocks => (_flags & BlockIndependence) != 0;

    public bool HasBlockChecksums => (_flags & BlockChecksum) != 0;

    public bool HasContentSize => (_flags & ContentSizePresent) != 0;

    public bool HasContentChecksum => (_flags & ContentChecksum) != 0;

    /// <summary>Reads the descriptor at <paramref name="position"/>, right behind the magic number.</summary>
    public static Lz4FrameDescriptor Read(ReadOnlySpan<byte> source, int position)
    {
        var bytes = source[position..];
        if (bytes.Length < 2) throw Truncated(source);
        var flags = bytes[0];
        var maxBlockSize = BlockSize(bytes[1], position + 1);
        CheckFlags(flags, position);

        var length = 2;
        ulong contentSize = 0;
        if ((flags & ContentSizePresent) != 0)
        {
            if (bytes.Length < length + 8) throw Truncated(source);
            contentSize = BinaryPrimitives.ReadUInt64LittleEndian(bytes[length..]);
            length += 8;
        }

        if (bytes.Length < length + 1) throw Truncated(source);
        // "Header Checksum": the second byte of the hash over everything between the magic number and this byte.
        // Kafka's message formats 0 and 1 hashed the magic number too; record batches never did.
        var expected = (byte)(XxHash32.Hash(bytes[..length]) >> 8);
        if (bytes[length] != expected)
        {
            throw new CorruptDataException("lz4", $"the header checksum is 0x{bytes[length]:x2}, the header's bytes give 0x{expected:x2}", position + length);
        }
        return new Lz4FrameDescriptor(flags, maxBlockSize, contentSize, length + 1);
    }

    private static void CheckFlags(byte flags, int position)
    {
        if (flags >> VersionShift != 1)
        {
            throw new CorruptDataException("lz4", $"frame version {flags >> VersionShift}, only version 1 exists", position);
        }
        if ((flags & ReservedFlag) != 0)
        {
            throw new CorruptDataException("lz4", $"reserved bit 1 is set in the frame flags 0x{flags:x2}", position);
        }
        if ((flags & DictionaryId) != 0)
        {
            throw new CorruptDataException("lz4", "the frame needs a dictionary (its flags announce a dictionary id), and none can be given", position);
        }
    }

    // "BD byte": bits 4 to 6 name 64 KiB, 256 KiB, 1 MiB or 4 MiB by the numbers 4 to 7; every other bit is reserved.
    private static int BlockSize(byte value, int position)
    {
        if ((value & 0x8F) != 0)
        {
            throw new CorruptDataException("lz4", $"reserved bits are set in the block descriptor 0x{value:x2}", position);
        }
        var number = value >> 4;
        if (number < 4)
        {
            throw new CorruptDataException("lz4", $"block size number {number}, only 4 to 7 exist", position);
        }
        return 1 << (8 + 2 * number);
    }

    private static CorruptDataException Truncated(ReadOnlySpan<byte> source) =>
        new("lz4", "the data ends inside a frame header", source.Length);
}
