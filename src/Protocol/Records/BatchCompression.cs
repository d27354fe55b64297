using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Records;

/// <summary>The codec of a batch, chosen by its attributes; a codec's own errors become the batch's.</summary>
internal static class BatchCompression
{
    public static void Decompress(CompressionType compression, ReadOnlySpan<byte> records, PooledBuffer destination)
    {
        try
        {
            Codecs.Decompress(compression, records, destination);
        }
        catch (CorruptDataException corrupt)
        {
            throw new InvalidBatchException(BatchFault.BadCompression, corrupt.Message, corrupt);
        }
        catch (BufferLimitException limit)
        {
            throw new InvalidBatchException(BatchFault.TooLarge, $"its records decompress to more than the limit of {limit.Limit} bytes", limit);
        }
        catch (UnknownCompressionException unknown)
        {
            throw new InvalidBatchException(BatchFault.UnknownCompression, unknown.Message, unknown);
        }
    }
}
