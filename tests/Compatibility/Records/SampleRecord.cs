using Moldau.Protocol.Records;

namespace Moldau.Compatibility.Records;

/// <summary>A record that is to be written by one side and read by the other.</summary>
internal sealed record SampleRecord(long Offset, long Timestamp, byte[]? Key, byte[]? Value, IReadOnlyList<SampleHeader> Headers)
{
    public void AppendTo(RecordBatchBuilder builder)
    {
        var headers = new RecordHeader[Headers.Count];
        for (var i = 0; i < headers.Length; i++)
        {
            // The conversion of a null array would make no bytes of it, which is not null.
            headers[i] = Headers[i].Value is { } value ? new RecordHeader(Headers[i].Key, value) : new RecordHeader(Headers[i].Key, null);
        }

        builder.Append(Timestamp, Key, Value, headers);
    }
}
