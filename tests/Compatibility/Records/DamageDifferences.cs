using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Compatibility.Records;

/// <summary>Where we judge a damaged batch otherwise than Kafka's broker, and why that is wanted.</summary>
internal static class DamageDifferences
{
    /// <returns>Null for a difference that nobody wanted.</returns>
    public static string? Reason(DamageVerdict verdict) =>
        verdict.Theirs == DamageVerdict.Sound ? WhyStricter(verdict.Ours, Codec(verdict.Batch)) : WhyLooser(verdict.Theirs);

    private static string? WhyStricter(string ours, CompressionType codec)
    {
        // Kafka takes any negative length for null. No producer writes another one than -1.
        if (Has(ours, "key length of -") || Has(ours, "value length of -")) return "stricter: a negative length other than -1";

        // Kafka's broker skips over keys, values and headers of compressed records and holds no length against another:
        // it stores what its own consumers then cannot read.
        if (codec != CompressionType.None && Has(ours, BatchFault.BadRecord.ToString())) return "stricter: lengths inside compressed records";

        // Kafka looks at the offsets inside compressed batches only. A wrong one would be given to consumers.
        if (codec == CompressionType.None && Has(ours, "an offset delta of")) return "stricter: offsets inside uncompressed batches";

        // RFC 8878, 4.2.2: a stream that is not consumed to exactly its beginning is faulty. The reference's fast loop does not look.
        if (codec == CompressionType.Zstd && Has(ours, "zstd: a literals stream")) return "stricter: ends of Huffman streams in zstd";

        // The format calls a match that begins 0 bytes back corrupt; the reference copies whatever its buffer held.
        if (codec == CompressionType.Lz4 && Has(ours, "lz4: a match with offset 0")) return "stricter: lz4 matches with offset 0";

        // RFC 1952, 2.3.1.2: a reader must refuse reserved flags. Java's does not look.
        return codec == CompressionType.Gzip && Has(ours, "gzip: reserved bits") ? "stricter: reserved flags of gzip" : null;
    }

    private static string? WhyLooser(string theirs)
    {
        // Who may write what is the broker's to say; a batch is a sound batch without it.
        if (Has(theirs, "Invalid sequence number")) return "looser: a producer id without a sequence";
        return Has(theirs, "Clients are not allowed to write control records") ? "looser: a control batch from a client" : null;
    }

    private static bool Has(string verdict, string part) => verdict.Contains(part, StringComparison.Ordinal);

    private static CompressionType Codec(DamagedBatch batch) => RecordBatch.Read(batch.Bytes).Attributes.Compression;
}
