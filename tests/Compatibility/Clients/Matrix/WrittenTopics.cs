using Moldau.Compatibility.Wire;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>Our broker with a topic by each producer: the same records over and over, once with each codec.</summary>
public sealed class WrittenTopics : IAsyncLifetime
{
    private const int Many = 20_000;
    private const int Some = 3_000;

    private readonly OurBroker _broker = new();
    private readonly Dictionary<string, WrittenTopic> _topics = [];

    internal static readonly MatrixProducer[] Producers =
    [
        new KcatProducer(Many),
        new LineProducer("librdkafka-old", Some, static () => ScriptAsync(Librdkafka.Old)),
        new LineProducer("librdkafka-new", Many, static () => ScriptAsync(Librdkafka.New)) { IsThere = Librdkafka.HasNew },
        new JavaProducer(Some),
        new ConsoleProducer(Many),
        new KafkajsProducer(Some),
        new LineProducer("platformatic", Some, static () => NodeClients.CommandAsync("platformatic")),
        new OurProducer(Some),
    ];

    public string Address => _broker.Address;

    /// <summary>How long each producer took.</summary>
    internal Dictionary<string, TimeSpan> Times { get; } = [];

    internal IReadOnlyList<WrittenTopic> All => [.. _topics.Values];

    public async ValueTask InitializeAsync()
    {
        await _broker.InitializeAsync();
        foreach (var producer in Producers.Where(static producer => producer.IsThere))
        {
            var since = TimeProvider.System.GetTimestamp();
            _topics[producer.Name] = await WriteAsync(producer);
            Times[producer.Name] = TimeProvider.System.GetElapsedTime(since);
        }
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    internal static async Task<string[]> ScriptAsync(string which) =>
        [await Librdkafka.PythonAsync(which), Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "librdkafka", "lines.py")];

    /// <summary>The codec of each batch that lies on the disk, in their order, and the offsets it covers.</summary>
    internal List<(long First, long Last, CompressionType Codec)> Batches(string topic)
    {
        var batches = new List<(long, long, CompressionType)>();
        foreach (var file in Directory.GetFiles(Path.Combine(_broker.Data, $"{topic}-0"), "*.log").Order(StringComparer.Ordinal))
        {
            var bytes = ReadShared(file);
            for (var at = 0; at < bytes.Length;)
            {
                var size = RecordBatch.SizeOf(bytes.AsSpan(at));
                var batch = RecordBatch.Read(bytes.AsSpan(at, size));
                batches.Add((batch.BaseOffset, batch.LastOffset, batch.Attributes.Compression));
                at += size;
            }
        }

        return batches;
    }

    private async Task<WrittenTopic> WriteAsync(MatrixProducer producer)
    {
        var records = MatrixRecords.Make(producer.Records);
        var parts = MatrixRecords.Codecs.Select(codec => (codec, (IReadOnlyList<MatrixRecord>)[.. records.Select(record => producer.Shape(record, codec))])).ToList();
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await producer.WriteAsync(Address, parts);
        var after = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var written = parts.SelectMany(static part => part.Item2).ToList();
        if (!producer.TakesPresentTime) return new WrittenTopic(producer.Topic, written);

        // Which times it took only the broker knows; all readers must tell the same ones.
        var times = (await OurReader.RecordsAsync(Address, producer.Topic)).ConvertAll(static record => record.Timestamp);
        Assert.Equal(written.Count, times.Count);
        Assert.All(times, time => Assert.InRange(time, before, after));
        return new WrittenTopic(producer.Topic, [.. written.Select((record, i) => record with { Timestamp = times[i] })]);
    }

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
