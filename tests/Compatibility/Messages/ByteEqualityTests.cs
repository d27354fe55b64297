using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Messages;
using Moldau.Shared.Messages;
using Xunit;

namespace Moldau.Compatibility.Messages;

/// <summary>Random content of every version of every message, written by us and by Kafka: the bytes must be the same.</summary>
public class ByteEqualityTests(ITestOutputHelper output)
{
    private const int ReportsShown = 20;

    [Fact]
    public async Task Every_version_of_every_message_has_the_bytes_of_Kafka()
    {
        KafkaJars.Require();
        var samples = SameVersion().ToList();

        var answers = await AskAsync("the bytes of every version", samples);

        Report(samples.Zip(answers, SampleComparison.Written));
        Assert.DoesNotContain(answers, answer => answer.Bytes is null);
    }

    [Fact]
    public async Task The_bytes_of_Kafka_read_back_as_the_content_they_were_made_of()
    {
        KafkaJars.Require();
        var samples = SameVersion().ToList();
        var answers = await AskAsync("bytes to read", samples);

        // One instance of each message reads all of its samples: what an earlier one left behind must not show.
        var used = MessageCatalog.All.ToDictionary(binding => binding, binding => binding.Create());

        Report(samples.Zip(answers, (sample, answer) => ReadBack(sample, answer.Bytes!, used[sample.Binding])));
    }

    [Fact]
    public async Task What_another_version_cannot_carry_is_dropped_or_refused_as_Kafka_does()
    {
        KafkaJars.Require();
        var samples = OtherVersions().ToList();

        var answers = await AskAsync("content of one version written in another", samples);

        var refusals = answers.Where(answer => answer.Refusal is not null).ToList();
        output.WriteLine($"{refusals.Count} refused");
        // A value that the version has no room for, or a null that it does not allow: nothing else may stop Kafka here.
        Assert.All(refusals, answer => Assert.True(answer.Refusal!.StartsWith("UnsupportedVersionException", StringComparison.Ordinal)
            || answer.Refusal.StartsWith("NullPointerException", StringComparison.Ordinal), answer.Refusal));
        Report(samples.Zip(answers, SampleComparison.Written));
    }

    [Fact]
    public async Task Kafka_reads_our_bytes_as_the_same_content()
    {
        KafkaJars.Require();
        var samples = SameVersion().Where((_, index) => index % SampleSettings.SamplesPerVersion < 4).ToList();
        var bytes = samples.Select(sample => sample.Write()!).ToList();
        var questions = samples.Zip(bytes, (sample, hex) => Judge.Read(sample.Binding.Definition.Name, sample.Version, hex)).ToList();

        var answers = await Judge.AskAsync("our bytes to be read", questions);

        Report(samples.Zip(bytes, answers).Select(item => ReadByKafka(item.First, item.Second, item.Third)));
    }

    [Fact]
    public async Task Tags_of_a_later_Kafka_are_passed_over()
    {
        KafkaJars.Require();
        var samples = SameVersion().Where((_, index) => index % SampleSettings.SamplesPerVersion == 0).Where(EndsInNoTags).ToList();
        // In place of 'no tags': one tag, the 100th, of three bytes.
        var bytes = samples.Select(sample => sample.Write()![..^2] + "016403010203").ToList();
        var questions = samples.Zip(bytes, (sample, hex) => Judge.Read(sample.Binding.Definition.Name, sample.Version, hex)).ToList();

        var answers = await Judge.AskAsync("unknown tags", questions);

        Assert.Equal(bytes, answers.Select(answer => answer.Bytes));
        Report(samples.Zip(bytes, (sample, hex) => ReadBack(sample, hex, sample.Binding.Create())));
    }

    [Fact]
    public async Task A_wrong_byte_is_reported()
    {
        KafkaJars.Require();
        var sample = new Sample(MessageCatalog.Get("FetchRequest"), 12, 12, 0);
        var answer = (await AskAsync("one message", [sample]))[0];

        Assert.Null(SampleComparison.Written(sample, answer));
        Assert.Contains("after 2 equal bytes", SampleComparison.Written(sample, answer with { Bytes = answer.Bytes![..4] + "7f" + answer.Bytes[6..] }), StringComparison.Ordinal);
        Assert.Contains("Kafka refuses", SampleComparison.Written(sample, answer with { Bytes = null }), StringComparison.Ordinal);
        Assert.NotNull(ReadBack(sample, "0000" + answer.Bytes[4..], new FetchRequest()));
    }

    private static IEnumerable<Sample> SameVersion() =>
        from binding in MessageCatalog.All
        from version in binding.Versions
        from number in Enumerable.Range(0, SampleSettings.SamplesPerVersion)
        select new Sample(binding, version, version, number);

    /// <summary>Content of the highest version in every lower one, and of the lowest in every higher one.</summary>
    private static IEnumerable<Sample> OtherVersions() =>
        from binding in MessageCatalog.All
        from contentVersion in new[] { binding.Definition.Versions.Last, binding.Definition.Versions.First }
        from version in binding.Versions
        where version != contentVersion
        from number in Enumerable.Range(0, SampleSettings.SamplesPerVersion)
        select new Sample(binding, contentVersion, version, number);

    private static bool EndsInNoTags(Sample sample) =>
        sample.Binding.Definition.Flexible.Contains(sample.Version)
        && sample.Binding.Definition.Root.Fields.All(field => field.Tag < 0 || !field.Versions.Contains(sample.Version));

    private static Task<IReadOnlyList<JudgeAnswer>> AskAsync(string purpose, List<Sample> samples) =>
        Judge.AskAsync(purpose, samples.ConvertAll(sample => sample.Question));

    private static string? ReadBack(Sample sample, string hex, IMessage into)
    {
        try
        {
            return SampleComparison.Content(sample.Name, sample.Json, sample.Read(hex, into));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"{sample.Name}\n    reading failed: {e.Message}";
        }
    }

    private static string? ReadByKafka(Sample sample, string bytes, JudgeAnswer kafka)
    {
        if (kafka.Content is null) return $"{sample.Name}\n    Kafka cannot read {bytes}: {kafka.Refusal}";
        if (kafka.Bytes != bytes) return $"{sample.Name}\n    Kafka read {bytes} and wrote {kafka.Bytes}";
        var json = new KafkaJson(sample.Binding.Definition, sample.Version);
        return SampleComparison.Content(sample.Name, json.Normalize(sample.Json), json.Normalize(kafka.Content));
    }

    private void Report(IEnumerable<string?> reports)
    {
        var all = reports.ToList();
        output.WriteLine($"{all.Count} compared, seed {SampleSettings.Seed}, {SampleSettings.SamplesPerVersion} samples a version");
        var wrong = all.OfType<string>().ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {all.Count} differ:\n{string.Join("\n", wrong.Take(ReportsShown))}");
    }
}
