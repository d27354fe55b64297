using System.Globalization;
using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Compatibility.Records;

/// <summary>
/// A batch's content as text, a line for its header and one a record: what the programs of the other side print too,
/// so that comparing is comparing lines. A record is 'offset;timestamp;key;value;headers' and a header 'key:value',
/// joined by commas; bytes are base64, '!' is null.
/// </summary>
internal static class BatchLines
{
    private const string Null = "!";
    private const int MaxContent = 64 << 20;

    public static string Flag(bool value) => value ? "true" : "false";

    public static string Of(SampleRecord record) => string.Join(
        ';', record.Offset, record.Timestamp, Bytes(record.Key), Bytes(record.Value),
        string.Join(',', record.Headers.Select(header => Bytes(Encoding.UTF8.GetBytes(header.Key)) + ":" + Bytes(header.Value))));

    /// <summary>Reads a batch with our classes, all its checks included.</summary>
    public static IEnumerable<string> Read(ReadOnlyMemory<byte> bytes)
    {
        using var scratch = new PooledBuffer(maxLength: MaxContent);
        var lines = new List<string>();
        var batch = RecordBatch.Read(bytes.Span);
        batch.EnsureChecksum();
        var attributes = batch.Attributes;
        lines.Add(string.Join(
            ';', attributes.Compression.ToString().ToLowerInvariant(), Flag(attributes.IsLogAppendTime), batch.BaseOffset, batch.LastOffset,
            batch.LeaderEpoch, batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence, Flag(attributes.IsTransactional),
            Flag(attributes.IsControl), batch.MaxTimestamp));
        var records = batch.GetRecords(scratch);
        while (records.MoveNext()) lines.Add(Read(batch, records));
        return lines;
    }

    private static string Read(RecordBatch batch, RecordReader record)
    {
        var line = new StringBuilder();
        var timestamp = batch.Attributes.IsLogAppendTime ? batch.MaxTimestamp : batch.BaseTimestamp + record.TimestampDelta;
        line.Append(CultureInfo.InvariantCulture, $"{batch.BaseOffset + record.OffsetDelta};{timestamp};{Bytes(record.Key)};{Bytes(record.Value)};");
        var separator = "";
        for (var headers = record.Headers; headers.MoveNext(); separator = ",")
            line.Append(separator).Append(Convert.ToBase64String(headers.KeyUtf8)).Append(':').Append(Bytes(headers.Value));
        return line.ToString();
    }

    private static string Bytes(byte[]? bytes) => bytes is null ? Null : Convert.ToBase64String(bytes);

    private static string Bytes(OptionalBytes bytes) => bytes.IsNull ? Null : Convert.ToBase64String(bytes.Span);
}
