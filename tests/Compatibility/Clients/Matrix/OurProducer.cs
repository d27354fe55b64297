using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Producing;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Xunit;

namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>Our own client.</summary>
internal sealed class OurProducer(int records) : MatrixProducer("moldau", records)
{
    public override async Task WriteAsync(string address, IReadOnlyList<(string Codec, IReadOnlyList<MatrixRecord> Records)> parts)
    {
        await using var client = new KafkaClient(new() { Bootstrap = address });
        Assert.All(await client.Topics.CreateAsync([new NewTopic(Topic) { Partitions = 1 }]), static created => Assert.Null(created.Error));
        foreach (var (codec, part) in parts)
        {
            await using var producer = client.CreateProducer(new ProducerOptions { Compression = Enum.Parse<CompressionType>(codec, ignoreCase: true) });
            foreach (var record in part) await producer.EnqueueAsync(Topic, Outgoing(record));
            Assert.Empty((await producer.FlushAsync()).Lost);
        }
    }

    private static OutgoingRecord Outgoing(MatrixRecord record) => new()
    {
        Key = record.Key,
        Value = record.Value,
        Headers = [.. record.Headers.Select(static header => new RecordHeader(header.Key, header.Value))],
        Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(record.Timestamp),
        Partition = 0,
    };
}
