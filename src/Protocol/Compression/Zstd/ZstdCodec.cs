namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Zstandard (RFC 8878), fully managed.</summary>
public static class ZstdCodec
{
    public const int DefaultLevel = 3;
    public const int MinLevel = -131072;
    public const int MaxLevel = 22;

    private static readonly ContextPool<FrameEncoder> Encoders = new();
    private static readonly ContextPool<FrameDecoder> Decoders = new();

    /// <summary>Appends one frame, with its content size and without a checksum.</summary>
    /// <param name="level">
    /// From <see cref="MinLevel"/>, the fastest, to <see cref="MaxLevel"/>, the smallest result; 0 means
    /// <see cref="DefaultLevel"/>. Levels beyond these bounds are taken as the nearest one.
    /// </param>
    public static void Compress(ReadOnlySpan<byte> source, PooledBuffer destination, int level)
    {
        var encoder = Encoders.Rent();
        try
        {
            encoder.Encode(source, destination, Math.Clamp(level, MinLevel, MaxLevel));
        }
        finally
        {
            Encoders.Return(encoder);
        }
    }

    /// <summary>
    /// Appends the content of every frame in <paramref name="source"/>. Nothing is no frames, and has no content.
    /// What was appended before a fault was found stays in the buffer.
    /// </summary>
    /// <exception cref="CorruptDataException">The input is not well-formed, or asks for what this codec does not support.</exception>
    /// <exception cref="BufferLimitException">The content would not fit under the limit of <paramref name="destination"/>.</exception>
    public static void Decompress(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        var decoder = Decoders.Rent();
        try
        {
            decoder.DecodeAll(source, destination);
        }
        finally
        {
            Decoders.Return(decoder);
        }
    }
}
