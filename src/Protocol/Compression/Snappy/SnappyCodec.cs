namespace Moldau.Protocol.Compression.Snappy;

/// <summary>Snappy as Kafka's record batches carry it (compression type 2).</summary>
public static class SnappyCodec
{
    /// <summary>
    /// Appends a stream in snappy-java's framing, which is what Kafka's Java producer writes and the one framing every client reads.
    /// The destination's limit must leave room for the worst case of the last block, which is about 7/6 of its length.
    /// </summary>
    public static void Compress(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        XerialStream.Write(source, destination);
    }

    /// <summary>
    /// Appends the content of a stream in snappy-java's framing, or of a single block without framing, as librdkafka and others
    /// write; the framing's magic bytes decide. When it throws, what was decoded before the fault stays appended.
    /// </summary>
    /// <exception cref="CorruptDataException">The source is neither, or is damaged.</exception>
    /// <exception cref="BufferLimitException">The content does not fit the destination's limit.</exception>
    public static void Decompress(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (source.IsEmpty) throw new CorruptDataException("snappy", "no data, not even a length", 0);
        if (XerialStream.IsAt(source)) XerialStream.Read(source, destination);
        else SnappyBlockDecoder.Decode(source, destination, 0);
    }
}
