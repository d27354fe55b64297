using Moldau.Compatibility.Differential;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Wire;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Clients;

/// <summary>
/// Producers and consumers that others wrote, against our broker: 20,000 records with each codec, with headers, keys,
/// nulls and times, written by one and read by the others, and all of it must be the same.
/// </summary>
public sealed class RecordClientTests(OurBroker broker) : IClassFixture<OurBroker>
{
    private const int Records = 20_000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);
    private static readonly string[] Codecs = ["none", "gzip", "snappy", "lz4", "zstd"];

    [Theory]
    [InlineData(Librdkafka.Old, false)]
    [InlineData(Librdkafka.Old, true)]
    [InlineData(Librdkafka.New, false)]
    [InlineData(Librdkafka.New, true)]
    public async Task What_librdkafka_writes_every_client_reads(string producer, bool isIdempotent)
    {
        var readers = producer == Librdkafka.New ? new[] { Librdkafka.New, Librdkafka.Old } : [Librdkafka.Old];
        foreach (var codec in Codecs)
        {
            var topic = $"{producer}-{(isIdempotent ? "idempotent" : "plain")}-{codec}";
            var written = await PythonAsync(producer, "produce", topic, codec, isIdempotent ? "true" : "false");
            foreach (var reader in readers) Assert.Equal((topic, reader, written), (topic, reader, await PythonAsync(reader, "consume", topic)));
        }
    }

    [Fact]
    public async Task What_kcat_writes_kcat_reads()
    {
        var lines = Enumerable.Range(0, 100_000).Select(i => $"k{i}:v{i} {new string('x', i % 50)}").ToArray();
        foreach (var codec in Codecs)
        {
            // Its librdkafka asks for the topic before it sends, and that makes it.
            await ChildProcess.RunAsync($"kcat to produce with {codec}", Deadline, "kcat", ["-P", "-b", broker.Address, "-t", $"kcat-{codec}", "-p", "0", "-K:", "-z", codec], lines);
            var read = await ChildProcess.RunAsync($"kcat to consume {codec}", Deadline, "kcat", ["-C", "-b", broker.Address, "-t", $"kcat-{codec}", "-p", "0", "-o", "beginning", "-e", "-q", "-f", "%k:%s\\n"]);
            Assert.Equal(lines, read.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private async Task<string> PythonAsync(string which, string verb, string topic, params string[] more) => await ChildProcess.RunAsync(
        $"{which} librdkafka to {verb} {topic}", Deadline, await Librdkafka.PythonAsync(which), [RepositoryPaths.RecordScript, verb, broker.Address, topic, $"{Records}", .. more]);
}
