using Moldau.Compatibility.Records;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Compatibility.Wire;

/// <summary>A record out of a fetch response, as a line, with the codec of its batch.</summary>
internal sealed record FetchedRecord(CompressionType Codec, string Line)
{
    public static List<FetchedRecord> ReadAll(ReadOnlyMemory<byte> bytes)
    {
        var records = new List<FetchedRecord>();
        var batches = new BatchReader(bytes.Span);
        while (batches.MoveNext())
        {
            var batch = batches.Current;
            var codec = batch.Attributes.Compression;
            records.AddRange(BatchLines.Read(bytes.Slice(batches.Position, batch.Bytes.Length)).Skip(1).Select(line => new FetchedRecord(codec, line)));
        }

        return records;
    }
}
