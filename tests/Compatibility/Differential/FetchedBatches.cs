using System.Globalization;
using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Compatibility.Differential;

/// <summary>Batches of an answer as text: the header field by field and the records, but no checksum and no size, which follow from codec and time.</summary>
internal static class FetchedBatches
{
    private const int MaxContent = 64 << 20;
    private const int MaxShown = 40;

    public static string Describe(byte[] bytes)
    {
        var text = new StringBuilder();
        var rest = bytes.AsSpan();
        while (rest.Length > BatchLayout.HeaderSize && RecordBatch.SizeOf(rest) is var size && size <= rest.Length)
        {
            Describe(RecordBatch.Read(rest[..size]), text);
            rest = rest[size..];
        }

        if (rest.Length > 0) text.Append(CultureInfo.InvariantCulture, $"[{(rest.Length > BatchLayout.HeaderSize ? "part of a batch" : "less than a header")}]");
        return text.ToString();
    }

    public static string Time(long time) => time > BatchText.Time + 3_000_000 && time < BatchText.Time + 36_000_000 ? "the broker's" : time.ToString(CultureInfo.InvariantCulture);

    private static void Describe(RecordBatch batch, StringBuilder text)
    {
        batch.EnsureChecksum();
        var attributes = batch.Attributes;
        text.Append(CultureInfo.InvariantCulture, $"[{batch.BaseOffset}-{batch.LastOffset} epoch {batch.LeaderEpoch} attributes {attributes.Bits} base {Time(batch.BaseTimestamp)} max {Time(batch.MaxTimestamp)}");
        text.Append(CultureInfo.InvariantCulture, $" producer {(batch.HasProducerId ? "yes" : "no")} {batch.ProducerEpoch} {batch.BaseSequence} count {batch.RecordCount}:");
        using var scratch = new PooledBuffer(maxLength: MaxContent);
        var records = batch.GetRecords(scratch);
        while (records.MoveNext())
        {
            text.Append(CultureInfo.InvariantCulture, $" {records.OffsetDelta}/{Time(batch.BaseTimestamp + records.TimestampDelta)}/");
            text.Append(Bytes(records.Key)).Append('=').Append(Bytes(records.Value));
        }

        text.Append(']');
    }

    private static string Bytes(OptionalBytes bytes)
    {
        if (bytes.IsNull) return "~";
        return bytes.Span.Length > MaxShown ? $"{bytes.Span.Length} bytes" : Encoding.UTF8.GetString(bytes.Span);
    }
}
