using Moldau.Client;
using Moldau.Compatibility.Records;

namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>Our own client.</summary>
internal sealed class OurReader : MatrixReader
{
    public override async Task<IReadOnlyList<byte[]>> ReadAsync(string address, IReadOnlyList<WrittenTopic> topics)
    {
        var told = new List<byte[]>();
        foreach (var topic in topics) told.Add(MatrixRecord.Lines(await RecordsAsync(address, topic.Name)));
        return told;
    }

    public static async Task<List<MatrixRecord>> RecordsAsync(string address, string topic)
    {
        await using var client = new KafkaClient(new() { Bootstrap = address });
        var records = new List<MatrixRecord>();
        await foreach (var part in client.CreateReader(new() { Topic = topic }).ReadAsync())
        {
            foreach (var record in part.Records)
            {
                if (record.Offset != records.Count) throw new InvalidDataException($"offset {record.Offset} of {topic} came as number {records.Count}");
                records.Add(new MatrixRecord(
                    record.TimestampMs, record.Key?.ToArray(), record.Value?.ToArray(), [.. record.Headers.Select(static header => new SampleHeader(header.Key, header.Value?.ToArray()))]));
            }
        }

        return records;
    }
}
