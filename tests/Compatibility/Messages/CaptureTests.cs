using Moldau.Compatibility.Kafka;
using Moldau.Shared.Messages;
using Xunit;

namespace Moldau.Compatibility.Messages;

/// <summary>The captures of the unit tests, made and checked against the real Kafka. MOLDAU_REMAKE=1 makes them anew.</summary>
public class CaptureTests
{
    private const int Seed = 20;
    private const int MostBytesOfAFile = 1024 * 1024;

    /// <summary>Full, sparse and mixed.</summary>
    private static readonly int[] Samples = [0, 1, 3];

    [Fact]
    public async Task The_captures_are_what_Kafka_writes()
    {
        KafkaJars.Require();
        if (Environment.GetEnvironmentVariable("MOLDAU_REMAKE") == "1") await RemakeAsync();

        var kept = CaptureFolder.Names.SelectMany(CaptureFolder.Read).ToList();
        var made = await AskAsync(kept);

        Assert.NotEmpty(kept);
        var wrong = kept.Zip(made).Where(pair => pair.First != pair.Second).Select(pair => $"kept  {pair.First}\nKafka {pair.Second}").ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {kept.Count} captures differ:\n{string.Join("\n", wrong)}");
    }

    private static async Task RemakeAsync()
    {
        foreach (var file in MessageCatalog.All.GroupBy(binding => CaptureFolder.NameFor(binding.File)))
        {
            var captures = await AskAsync([.. file.SelectMany(Contents)]);
            Assert.InRange(captures.Sum(capture => capture.ToString().Length), 1, MostBytesOfAFile);
            CaptureFolder.Write(file.Key, captures);
        }
    }

    private static IEnumerable<Capture> Contents(MessageBinding binding) =>
        from version in binding.Versions
        from sample in Samples
        let content = RandomContent.Make(binding.Definition, version, Seed, sample)
        select new Capture(binding.Definition.Name, version, new ContentJson(binding.Definition, version).Write(content), "");

    private static async Task<IReadOnlyList<Capture>> AskAsync(List<Capture> captures)
    {
        var questions = captures.ConvertAll(capture => Judge.Write(capture.Message, capture.Version, capture.Version, capture.Json));
        var answers = await Judge.AskAsync("the bytes of captures", questions);
        return [.. captures.Zip(answers, (capture, answer) => capture with { Hex = answer.Bytes ?? answer.Refusal! })];
    }
}
