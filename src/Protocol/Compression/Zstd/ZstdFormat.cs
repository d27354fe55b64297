namespace Moldau.Protocol.Compression.Zstd;

/// <summary>The numbers RFC 8878 fixes for frames and blocks, and the limits this codec sets itself.</summary>
internal static class ZstdFormat
{
    /// <summary>Section 3.1.1: the first four bytes of a frame, little-endian.</summary>
    public const uint FrameMagic = 0xFD2FB528;

    /// <summary>Section 3.1.2: sixteen magic numbers mark frames whose content is skipped.</summary>
    public const uint SkippableMagic = 0x184D2A50;

    public const uint SkippableMagicMask = 0xFFFFFFF0;

    /// <summary>Section 3.1.1.2.4: no block holds or regenerates more than this.</summary>
    public const int MaxBlockSize = 128 << 10;

    public const int BlockHeaderSize = 3;

    /// <summary>
    /// Section 3.1.1.1.2 lets a decoder refuse windows it has no wish to support; the reference tool refuses above
    /// 128 MiB unless told otherwise, and so does this one.
    /// </summary>
    public const long MaxWindowSize = 1L << 27;

    /// <summary>Room that copies in whole vectors may touch behind the bytes they are after.</summary>
    public const int CopySlack = 64;

    /// <summary>Section 4.2.1: a literal's prefix code has at most 11 bits.</summary>
    public const int MaxHuffmanBits = 11;
}
