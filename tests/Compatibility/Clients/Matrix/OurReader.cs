using Moldau.Client;
using Moldau.Client.Consuming;
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
        await using var consumer = client.CreateConsumer<byte[], byte[]>(new ConsumerOptions { Topics = [topic], StopAtEnd = true });
        await foreach (var record in consumer.ReadAllAsync())
        {
            if (record.Offset != records.Count) throw new InvalidDataException($"offset {record.Offset} of {topic} came as number {records.Count}");
            records.Add(new MatrixRecord(
                record.TimestampMs, record.Key, record.Value, [.. record.Headers.ToArray().Select(static header => new SampleHeader(header.Key, header.Value.IsNull ? null : header.Value.Memory.ToArray()))]));
        }

        return records;
    }
}
