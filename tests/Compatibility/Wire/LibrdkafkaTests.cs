using Moldau.Compatibility.Records;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Xunit;

namespace Moldau.Compatibility.Wire;

/// <summary>
/// librdkafka, an old and a new one: what its producers write we read, what we write its consumers read, and its mock
/// broker understands every version of ours that it has.
/// </summary>
public class LibrdkafkaTests(ITestOutputHelper output)
{
    private const string Topic = "strangers";
    private const int RecordsEach = 60;
    private const long Earliest = -2;
    private const long Latest = -1;

    [Theory]
    [InlineData(Librdkafka.Old)]
    [InlineData(Librdkafka.New)]
    public async Task We_read_what_its_producers_write(string which)
    {
        using var cluster = await MockCluster.StartAsync(which);
        using var broker = await MockBroker.ConnectAsync(cluster);
        var samples = Samples(nameof(We_read_what_its_producers_write), CodecLevel.Librdkafkas.Count);
        for (var i = 0; i < samples.Count; i++) await cluster.ProduceAsync(CodecLevel.Librdkafkas[i], Topic, samples[i].Records);

        var metadata = await broker.MetadataAsync(Topic, broker.Versions.Highest(ApiKey.Metadata));
        var fetched = await broker.FetchAsync(Topic, metadata.Topics[0].TopicId, samples.Count * RecordsEach, broker.Versions.Highest(ApiKey.Fetch));

        AssertSame(samples.SelectMany(sample => sample.Records).Select(BatchLines.Of), fetched.Select(record => record.Line), cluster);
        for (var i = 0; i < samples.Count; i++)
        {
            var codec = CodecLevel.Librdkafkas[i];
            var codecs = fetched.Skip(i * RecordsEach).Take(RecordsEach).Select(record => record.Codec).Distinct();
            // What grows by compression is sent without, as everything does at gzip's level 0.
            CompressionType[] expected = [codec is { Codec: CompressionType.Gzip, Level: 0 } ? CompressionType.None : codec.Codec];
            Assert.Equal(expected, codecs);
        }

        Report(cluster, $"{samples.Count} codecs and levels, {fetched.Count} records read; {broker.Versions.Text(ApiKey.Fetch)}");
    }

    [Theory]
    [InlineData(Librdkafka.Old)]
    [InlineData(Librdkafka.New)]
    public async Task Its_consumers_read_what_we_write(string which)
    {
        using var cluster = await MockCluster.StartAsync(which);
        using var broker = await MockBroker.ConnectAsync(cluster);
        await broker.MetadataAsync(Topic, broker.Versions.Highest(ApiKey.Metadata));
        var samples = Samples(nameof(Its_consumers_read_what_we_write), CodecLevel.Kafkas.Count);
        for (var i = 0; i < samples.Count; i++)
        {
            // The offsets inside a request count from 0; the broker gives the real ones.
            var batch = (samples[i] with { Options = new BatchOptions() }).Build(CodecLevel.Kafkas[i].Codec, CodecLevel.Kafkas[i].Level);
            Assert.Equal(i * RecordsEach, await broker.ProduceAsync(Topic, batch, broker.Versions.Highest(ApiKey.Produce)));
        }

        var consumed = await cluster.ConsumeAsync(Topic, samples.Count * RecordsEach);

        AssertSame(samples.SelectMany(sample => sample.Records).Select(BatchLines.Of), consumed, cluster);
        Report(cluster, $"{samples.Count} codecs and levels, {consumed.Length} records written; {broker.Versions.Text(ApiKey.Produce)}");
    }

    [Theory]
    [InlineData(Librdkafka.Old)]
    [InlineData(Librdkafka.New)]
    public async Task Its_broker_speaks_every_version_that_both_have(string which)
    {
        using var cluster = await MockCluster.StartAsync(which);
        using var broker = await MockBroker.ConnectAsync(cluster);
        foreach (var version in broker.Versions.All(ApiKey.ApiVersions))
            Assert.Equal(broker.Versions.Text(), (await broker.VersionsAsync(version)).Text());

        var topicId = Uuid.Zero;
        foreach (var version in broker.Versions.All(ApiKey.Metadata))
        {
            var metadata = await broker.MetadataAsync(Topic, version);
            Assert.Equal([(cluster.Host, cluster.Port)], metadata.Brokers.Select(node => (node.Host, node.Port)));
            var topic = Assert.Single(metadata.Topics);
            Assert.Equal((Topic, 4), (topic.Name, topic.Partitions.Count));
            topicId = topic.TopicId;
        }

        var versions = broker.Versions.All(ApiKey.Produce).Where(version => !MockFaults.IsUnreadable(ApiKey.Produce, version)).ToList();
        var samples = Samples(nameof(Its_broker_speaks_every_version_that_both_have), versions.Count);
        for (var i = 0; i < versions.Count; i++)
            Assert.Equal(i * RecordsEach, await broker.ProduceAsync(Topic, (samples[i] with { Options = new BatchOptions() }).Build(), versions[i]));

        var end = versions.Count * RecordsEach;
        foreach (var version in broker.Versions.All(ApiKey.ListOffsets))
        {
            Assert.Equal(0, await broker.OffsetAsync(Topic, Earliest, version));
            Assert.Equal(end, await broker.OffsetAsync(Topic, Latest, version));
        }

        var expected = samples.SelectMany(sample => sample.Records).Select(BatchLines.Of).ToList();
        foreach (var version in broker.Versions.All(ApiKey.Fetch))
            AssertSame(expected, (await broker.FetchAsync(Topic, topicId, end, version)).Select(record => record.Line), cluster);

        ApiKey[] spoken = [ApiKey.ApiVersions, ApiKey.Metadata, ApiKey.Produce, ApiKey.Fetch, ApiKey.ListOffsets];
        Report(cluster, string.Join(", ", spoken.Select(broker.Versions.Text)));
    }

    /// <summary>The break: a value that is not the one which was meant to be written must be reported, and which record has it.</summary>
    [Fact]
    public async Task A_wrong_value_is_reported()
    {
        using var cluster = await MockCluster.StartAsync(Librdkafka.Old);
        using var broker = await MockBroker.ConnectAsync(cluster);
        await broker.MetadataAsync(Topic, broker.Versions.Highest(ApiKey.Metadata));
        var meant = Samples(nameof(A_wrong_value_is_reported), 1)[0];
        var written = meant with { Records = [.. meant.Records.Select(record => record.Offset == 7 ? record with { Value = "wrong"u8.ToArray() } : record)] };
        await broker.ProduceAsync(Topic, written.Build(CompressionType.Zstd), broker.Versions.Highest(ApiKey.Produce));

        var consumed = await cluster.ConsumeAsync(Topic, RecordsEach);

        var difference = BatchComparison.OfLines(["header", .. meant.Records.Select(BatchLines.Of)], ["header", .. consumed]);
        Assert.StartsWith("record 7:", difference, StringComparison.Ordinal);
    }

    private static List<SampleBatch> Samples(string purpose, int count)
    {
        var random = TestSeed.For(purpose);
        return Enumerable.Range(0, count)
            .Select(i => BatchSamples.Filled($"batch {i}", RecordsEach, number => BatchSamples.LogLine(random, number), i * RecordsEach))
            .ToList();
    }

    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual, MockCluster cluster)
    {
        var difference = BatchComparison.OfLines(["header", .. expected], ["header", .. actual]);
        Assert.True(difference is null, $"librdkafka {cluster.Version}, {TestSeed.Text}: {difference}");
    }

    private void Report(MockCluster cluster, string what) => output.WriteLine($"librdkafka {cluster.Version}, {TestSeed.Text}: {what}");
}
