using System.Buffers.Binary;
using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Checksums;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Xunit;

namespace Moldau.Compatibility.Records;

/// <summary>The same content makes the same bytes in Kafka's builder and in ours, where no codec is between.</summary>
public class KafkaBatchTests(ITestOutputHelper output)
{
    private const int Batches = 1500;
    private static readonly CodecLevel Plain = new(CompressionType.None, null);

    [Fact]
    public async Task The_same_records_make_the_same_bytes()
    {
        KafkaJars.Require();
        var random = TestSeed.For(nameof(The_same_records_make_the_same_bytes));
        var samples = Enumerable.Range(0, Batches).Select(i => BatchSamples.Random(random, i)).ToList();
        var kafka = new KafkaBatches();
        foreach (var sample in samples)
        {
            kafka.TakeRecords(sample);
            kafka.Build(sample, Plain);
        }

        var answers = await kafka.AnswersAsync("batches of Kafka's builder");

        var differences = new List<string>();
        for (var i = 0; i < samples.Count; i++)
        {
            var theirs = Convert.FromBase64String(answers[i]);
            if (BatchComparison.OfBytes(theirs, samples[i].Build()) is { } bytes) differences.Add($"{samples[i].Name}: {bytes}");
            else if (BatchComparison.OfLines(samples[i].Lines(CompressionType.None), BatchLines.Read(theirs)) is { } lines)
                differences.Add($"{samples[i].Name}, read: {lines}");
        }

        output.WriteLine($"{TestSeed.Text}: {samples.Count} batches with {samples.Sum(sample => sample.Records.Count)} records compared");
        Assert.True(differences.Count == 0, $"{TestSeed.Text}: {differences.Count} differ:\n{string.Join("\n", differences.Take(10))}");
    }

    [Fact]
    public async Task The_ends_of_transactions_are_the_same_bytes()
    {
        KafkaJars.Require();
        var random = TestSeed.For(nameof(The_ends_of_transactions_are_the_same_bytes));
        var kafka = new KafkaBatches();
        var ours = new List<byte[]>();
        for (var i = 0; i < 200; i++)
        {
            var type = random.Next(2) == 0 ? ControlRecordType.Abort : ControlRecordType.Commit;
            var marker = new TransactionMarker(type, i == 0 ? int.MaxValue : random.Next(random.Next(2) == 0 ? 10 : int.MaxValue));
            var timestamp = random.NextInt64(1L << 50);
            var options = new BatchOptions
            {
                BaseOffset = random.NextInt64(1L << 60),
                LeaderEpoch = random.Next(),
                Producer = new ProducerIdentity(random.NextInt64(), (short)random.Next(short.MaxValue + 1), -1),
                IsTransactional = true,
                IsControl = true,
            };
            kafka.Ask(string.Join(
                ' ', "marker", options.BaseOffset, timestamp, options.LeaderEpoch, options.Producer.ProducerId, options.Producer.Epoch,
                type.ToString().ToUpperInvariant(), marker.CoordinatorEpoch));
            using var builder = new RecordBatchBuilder();
            marker.AppendTo(builder, timestamp);
            ours.Add(builder.Finish(options).ToArray());
        }

        var answers = await kafka.AnswersAsync("Kafka's ends of transactions");

        var differences = answers.Select((answer, i) => BatchComparison.OfBytes(Convert.FromBase64String(answer), ours[i])).OfType<string>().ToList();
        output.WriteLine($"{TestSeed.Text}: {ours.Count} markers compared");
        Assert.True(differences.Count == 0, $"{TestSeed.Text}: {differences.Count} differ:\n{string.Join("\n", differences.Take(10))}");
    }

    /// <summary>The break: what these tests stand on must notice a builder that is wrong in one bit.</summary>
    [Fact]
    public async Task A_batch_that_is_wrong_in_one_bit_is_reported()
    {
        KafkaJars.Require();
        var sample = BatchSamples.Filled("log lines", 5, i => BatchSamples.Noise(new Random(i), 30));
        var wrong = sample.Build();
        wrong[BatchLayout.Attributes + 1] ^= 0x10; // transactional
        BinaryPrimitives.WriteUInt32BigEndian(wrong.AsSpan(BatchLayout.Checksum), Crc32C.Compute(wrong.AsSpan(BatchLayout.ChecksumStart)));
        var kafka = new KafkaBatches();
        kafka.TakeRecords(sample);
        var built = kafka.Build(sample, Plain);
        var read = kafka.Read(wrong);

        var answers = await kafka.AnswersAsync("a batch to compare a wrong one with");

        Assert.Equal("attributes (byte 22): expected 00, got 10", BatchComparison.OfBytes(Convert.FromBase64String(answers[built]), wrong));
        Assert.StartsWith("header:", BatchComparison.OfLines(sample.Lines(CompressionType.None), answers[read].Split(' ')), StringComparison.Ordinal);
        Assert.StartsWith("header:", BatchComparison.OfLines(sample.Lines(CompressionType.None), BatchLines.Read(wrong)), StringComparison.Ordinal);
    }
}
