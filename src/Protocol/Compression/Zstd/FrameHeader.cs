using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>What the header of a frame says (RFC 8878 section 3.1.1.1).</summary>
internal readonly struct FrameHeader
{
    private FrameHeader(long windowSize, ulong? contentSize, bool hasChecksum)
    {
        WindowSize = windowSize;
        ContentSize = contentSize;
        HasChecksum = hasChecksum;
    }

    public long WindowSize { get; }

    public ulong? ContentSize { get; }

    public bool HasChecksum { get; }

    /// <summary>Section 3.1.1.2.4.</summary>
    public int BlockMaximum => (int)Math.Min(WindowSize, ZstdFormat.MaxBlockSize);

    /// <summary>Reads the header behind the magic number and returns the byte behind it.</summary>
    public static unsafe byte* Read(InputRange input, out FrameHeader header)
    {
        if (input.Length < 1) throw input.Corrupt("truncated within the frame header");
        int descriptor = *input.Start;
        var singleSegment = (descriptor & 0x20) != 0;
        // Section 3.1.1.1.1.4: must be zero; a later version of the format may give it a meaning we would miss.
        if ((descriptor & 0x08) != 0) throw input.Corrupt("the reserved bit of the frame header is set");
        var dictionarySize = (descriptor & 3) switch { 0 => 0, 1 => 1, 2 => 2, _ => 4 };
        var contentSizeFlag = descriptor >> 6;
        var contentSizeSize = contentSizeFlag == 0 ? (singleSegment ? 1 : 0) : 1 << contentSizeFlag;
        var position = input.Start + 1;
        if (input.End - position < (singleSegment ? 0 : 1) + dictionarySize + contentSizeSize)
        {
            throw input.Corrupt("truncated within the frame header");
        }

        var windowSize = 0L;
        if (!singleSegment)
        {
            int window = *position++;
            var windowBase = 1L << (10 + (window >> 3));
            windowSize = windowBase + (windowBase >> 3) * (window & 7);
        }
        var dictionary = ReadLittleEndian(position, dictionarySize);
        if (dictionary != 0) throw input.Corrupt($"the frame needs dictionary {dictionary}, and dictionaries are not supported", position);
        position += dictionarySize;
        ulong? contentSize = null;
        if (contentSizeSize != 0)
        {
            // Section 3.1.1.1.4: two bytes count from 256, since one byte covers what is below.
            contentSize = ReadLittleEndian(position, contentSizeSize) + (contentSizeSize == 2 ? 256UL : 0);
            position += contentSizeSize;
        }
        if (singleSegment)
        {
            // Section 3.1.1.1.2: the window is the content then. It is all in memory here, whatever its size.
            windowSize = (long)Math.Min(contentSize!.Value, long.MaxValue);
        }
        else if (windowSize > ZstdFormat.MaxWindowSize)
        {
            throw input.Corrupt($"a window of {windowSize} bytes, over the limit of {ZstdFormat.MaxWindowSize}");
        }
        header = new FrameHeader(windowSize, contentSize, (descriptor & 0x04) != 0);
        return position;
    }

    private static unsafe ulong ReadLittleEndian(byte* from, int size) => size switch
    {
        0 => 0,
        1 => *from,
        2 => Unsafe.ReadUnaligned<ushort>(from),
        4 => Unsafe.ReadUnaligned<uint>(from),
        _ => Unsafe.ReadUnaligned<ulong>(from),
    };
}
