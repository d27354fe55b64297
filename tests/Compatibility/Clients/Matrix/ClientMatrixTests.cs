using System.Text;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Wire;
using Moldau.Protocol.Compression;
using Xunit;

namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>
/// What each client wrote, every client reads: keys, values, headers, times and offsets, byte by byte. kcat, the new
/// librdkafka and Kafka's console producer write 100,000 records each, the others fewer.
/// </summary>
public sealed class ClientMatrixTests(WrittenTopics topics, ITestOutputHelper output) : IClassFixture<WrittenTopics>
{
    [Theory]
    [InlineData("kcat")]
    [InlineData("librdkafka-old")]
    [InlineData("librdkafka-new")]
    [InlineData("java")]
    [InlineData("console")]
    [InlineData("kafkajs")]
    [InlineData("platformatic")]
    [InlineData("moldau")]
    public void Each_writes_with_every_codec(string name)
    {
        var producer = WrittenTopics.Producers.Single(producer => producer.Name == name);
        Assert.SkipUnless(producer.IsThere, $"{name} is not there: MOLDAU_KAFKA or MOLDAU_WHEELS names no folder");
        var batches = topics.Batches(producer.Topic);
        output.WriteLine($"written in {topics.Times[name].TotalSeconds:0.0} s");
        Assert.Equal((producer.Records * MatrixRecords.Codecs.Length) - 1, batches[^1].Last);
        for (var i = 0; i < MatrixRecords.Codecs.Length; i++)
        {
            var codec = Enum.Parse<CompressionType>(MatrixRecords.Codecs[i], ignoreCase: true);
            var ofIt = batches.Where(batch => batch.First >= i * producer.Records && batch.Last < (i + 1) * producer.Records).ToList();
            output.WriteLine($"{codec}: {ofIt.Count} batches");
            // A batch that would grow may go as it is.
            Assert.Contains(ofIt, batch => batch.Codec == codec);
            Assert.All(ofIt, batch => Assert.True(batch.Codec == codec || batch.Codec == CompressionType.None));
        }
    }

    [Fact]
    public Task Kcat_reads_them_all() => ReadAsync(new KcatReader());

    [Fact]
    public Task The_old_librdkafka_reads_them_all() => ReadAsync(new LineReader(static () => WrittenTopics.ScriptAsync(Librdkafka.Old)));

    [Fact]
    public Task The_new_librdkafka_reads_them_all() => ReadAsync(new LineReader(static () => WrittenTopics.ScriptAsync(Librdkafka.New)));

    [Fact]
    public Task Java_reads_them_all()
    {
        KafkaJars.Require();
        return ReadAsync(new JavaReader());
    }

    [Fact]
    public Task The_console_consumer_reads_them_all()
    {
        KafkaJars.Require();
        return ReadAsync(new ConsoleReader());
    }

    [Fact]
    public Task Platformatic_reads_them_all() => ReadAsync(new LineReader(static () => NodeClients.CommandAsync("platformatic")));

    [Fact]
    public Task We_read_them_all() => ReadAsync(new OurReader());

    [Fact]
    public void What_a_reader_told_otherwise_is_noticed()
    {
        var records = MatrixRecords.Make(100);
        var at = records.FindIndex(static record => record.Key is null && record.Headers.Count > 0);
        var record = records[at];
        MatrixRecord[] wrong =
        [
            record with { Key = [] },
            record with { Value = [.. record.Value ?? [], 1] },
            record with { Timestamp = record.Timestamp + 1 },
            record with { Headers = [.. record.Headers, record.Headers[0]] },
        ];
        foreach (var reader in new MatrixReader[] { new KcatReader(), new ConsoleReader(), new OurReader() })
        {
            Assert.Null(Difference(reader.Expected(records), reader.Expected([.. records])));
            foreach (var one in wrong) Assert.NotNull(Difference(reader.Expected(records), reader.Expected([.. records[..at], one, .. records[(at + 1)..]])));
        }
    }

    private async Task ReadAsync(MatrixReader reader)
    {
        var since = TimeProvider.System.GetTimestamp();
        var told = await reader.ReadAsync(topics.Address, topics.All);
        var differences = topics.All.Select((topic, i) => (topic.Name, Difference: Difference(reader.Expected(topic.Records), told[i]))).Where(static each => each.Difference is not null);
        Assert.Empty(differences);
        output.WriteLine($"{topics.All.Sum(static topic => topic.Records.Count):N0} records in {TimeProvider.System.GetElapsedTime(since).TotalSeconds:0.0} s");
    }

    private static string? Difference(byte[] expected, byte[] told)
    {
        var at = expected.AsSpan().CommonPrefixLength(told);
        if (at == expected.Length && at == told.Length) return null;
        return $"byte {at} of {expected.Length}, told {told.Length}: expected '{Around(expected, at)}', told '{Around(told, at)}'";
    }

    private static string Around(byte[] bytes, int at) => Encoding.Latin1.GetString(bytes[Math.Max(0, at - 100)..Math.Min(bytes.Length, at + 60)]);
}
