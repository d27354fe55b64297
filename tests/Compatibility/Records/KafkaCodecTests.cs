using System.Text;
using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Records;

/// <summary>Compressed batches, each codec at each level of Kafka: both sides read what the other built.</summary>
public class KafkaCodecTests(ITestOutputHelper output)
{
    // From here on zstd clears hundreds of megabytes of tables for each batch that Kafka builds, however small it is:
    // the two larger contents are enough.
    private const int GreedyLevel = 18;
    private const int ManyRecords = 100;

    [Fact]
    public async Task Each_reads_what_the_other_compressed()
    {
        KafkaJars.Require();
        var samples = BatchSamples.ForCodecs(TestSeed.For(nameof(Each_reads_what_the_other_compressed)));
        var kafka = new KafkaBatches();
        var exchanges = new List<(SampleBatch Sample, CodecLevel Codec, int Built, int Read, int OurSize)>();
        foreach (var sample in samples)
        {
            kafka.TakeRecords(sample);
            foreach (var codec in CodecLevel.Kafkas)
            {
                if (codec.Level >= GreedyLevel && sample.Records.Count < ManyRecords) continue;
                var ours = sample.Build(codec.Codec, codec.Level);
                exchanges.Add((sample, codec, kafka.Build(sample, codec), kafka.Read(ours), ours.Length));
            }
        }

        var answers = await kafka.AnswersAsync("compressed batches, built and read by Kafka");

        var differences = new List<string>();
        var sizes = exchanges.ToLookup(exchange => exchange.Codec, exchange => (exchange.Sample, exchange.OurSize, TheirSize: Size(answers[exchange.Built])));
        foreach (var (sample, codec, built, read, _) in exchanges)
        {
            var expected = sample.Lines(codec.Codec).ToList();
            if (BatchComparison.OfLines(expected, answers[read].Split(' ')) is { } theirs) differences.Add($"{sample.Name}, {codec}: Kafka reads ours: {theirs}");
            if (BatchComparison.OfLines(expected, BatchLines.Read(Convert.FromBase64String(answers[built]))) is { } ours)
                differences.Add($"{sample.Name}, {codec}: we read Kafka's: {ours}");
        }

        output.WriteLine($"{TestSeed.Text}: {exchanges.Count} batches in each direction; our size to Kafka's");
        output.WriteLine(Table(samples.Take(2).ToList(), sizes));
        Assert.True(differences.Count == 0, $"{TestSeed.Text}: {differences.Count} differ:\n{string.Join("\n", differences.Take(10))}");
    }

    private static int Size(string base64) => Convert.FromBase64String(base64).Length;

    private static string Table(IReadOnlyList<SampleBatch> samples, ILookup<CodecLevel, (SampleBatch Sample, int OurSize, int TheirSize)> sizes)
    {
        var table = new StringBuilder($"{"codec",-10}");
        foreach (var sample in samples) table.Append($"{sample.Name,28}");
        foreach (var codec in CodecLevel.Kafkas)
        {
            table.Append($"\n{codec,-10}");
            foreach (var (_, ours, theirs) in sizes[codec].Where(size => samples.Contains(size.Sample))) table.Append($"{$"{ours} / {theirs} = {(double)ours / theirs:f3}",28}");
        }

        return table.ToString();
    }
}
