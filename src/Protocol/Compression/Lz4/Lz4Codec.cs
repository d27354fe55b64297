namespace Moldau.Protocol.Compression.Lz4;

/// <summary>LZ4 frames as Kafka's record batches carry them (compression type 3).</summary>
public static class Lz4Codec
{
    public const int MinLevel = 1;
    public const int MaxLevel = 17;

    /// <summary>The fast compressor. Every other level searches longer the higher it is, as in Kafka's producer.</summary>
    public const int DefaultLevel = 9;

    /// <summary>
    /// Appends one frame. The destination's limit must leave room for the worst case of the last block, which is slightly
    /// more than its length, even when it then takes less.
    /// </summary>
    public static void Compress(ReadOnlySpan<byte> source, PooledBuffer destination, int level)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfLessThan(level, MinLevel);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, MaxLevel);
        Lz4FrameWriter.Write(source, destination, level);
    }

    /// <summary>
    /// Appends the content of every frame in <paramref name="source"/>. When it throws, what was decoded before the fault stays appended.
    /// </summary>
    /// <exception cref="CorruptDataException">The source is not a series of whole, sound frames.</exception>
    /// <exception cref="BufferLimitException">The content does not fit the destination's limit.</exception>
    public static void Decompress(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        new Lz4FrameReader(source, destination).ReadAll();
    }
}
