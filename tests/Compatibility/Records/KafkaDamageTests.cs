using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Xunit;

namespace Moldau.Compatibility.Records;

/// <summary>Damaged batches: Kafka's broker and our classes accept and refuse the same ones.</summary>
public class KafkaDamageTests(ITestOutputHelper output)
{
    private static readonly CompressionType[] AllCodecs = Enum.GetValues<CompressionType>();

    [Fact]
    public async Task A_batch_damaged_on_its_way_is_judged_alike()
    {
        KafkaJars.Require();
        var random = TestSeed.For(nameof(A_batch_damaged_on_its_way_is_judged_alike));
        var cases = AllCodecs.SelectMany(codec => DamagedBatch.InPlace(codec.ToString(), Sample(random).Build(codec), random, flips: 150, cuts: 60)).ToList();

        var verdicts = await JudgeAsync(cases);

        // A checksum is a checksum to both: producers send again what was damaged. A wrong length is the exception, where
        // Kafka may stumble over what it then takes for a second batch.
        var wrong = verdicts
            .Where(verdict => !verdict.IsAlike || (verdict.IsOurChecksum != verdict.IsTheirChecksum && !(verdict.Batch.IsLength && verdict.IsOurChecksum)))
            .ToList();
        output.WriteLine($"{TestSeed.Text}: {cases.Count} damaged batches, {verdicts.Count(verdict => verdict.IsTheirChecksum)} of them refused for their checksum");
        Assert.True(wrong.Count == 0, $"{TestSeed.Text}: {wrong.Count} judged differently:\n{string.Join("\n", wrong.Take(10))}");
    }

    [Fact]
    public async Task A_batch_damaged_behind_its_checksum_is_judged_alike_but_for_known_reasons()
    {
        KafkaJars.Require();
        var random = TestSeed.For(nameof(A_batch_damaged_behind_its_checksum_is_judged_alike_but_for_known_reasons));
        var cases = new List<DamagedBatch>();
        foreach (var codec in AllCodecs)
        {
            var sample = Sample(random);
            cases.AddRange(DamagedBatch.Resealed(codec.ToString(), sample.Build(codec), random, flips: 400));
            if (codec != CompressionType.None) cases.AddRange(DamagedBatch.Inside("inside", sample.Build(), codec, random, flips: 200));
        }

        var verdicts = await JudgeAsync(cases);

        var reasons = verdicts.Where(verdict => !verdict.IsAlike).ToLookup(DamageDifferences.Reason);
        output.WriteLine($"{TestSeed.Text}: {cases.Count} damaged batches, {verdicts.Count(verdict => verdict.Ours == DamageVerdict.Sound)} of them sound to us");
        foreach (var reason in reasons.OrderBy(reason => reason.Key)) output.WriteLine($"{reason.Count(),6} {reason.Key}");
        var wrong = reasons[null].ToList();
        Assert.True(wrong.Count == 0, $"{TestSeed.Text}: {wrong.Count} judged differently:\n{string.Join("\n", wrong.Take(10))}");
    }

    private static SampleBatch Sample(Random random)
    {
        var sample = BatchSamples.Filled("log lines", 12, i => BatchSamples.LogLine(random, i));
        return sample with { Options = new BatchOptions { Producer = new ProducerIdentity(9, 3, 40) } };
    }

    private static async Task<List<DamageVerdict>> JudgeAsync(List<DamagedBatch> cases)
    {
        var kafka = new KafkaBatches();
        foreach (var damaged in cases) kafka.Check(damaged.Bytes);
        var answers = await kafka.AnswersAsync("what Kafka says to damaged batches");
        return cases.Select((damaged, i) => new DamageVerdict(damaged, DamageVerdict.JudgeOurselves(damaged.Bytes), answers[i])).ToList();
    }
}
