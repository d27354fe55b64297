using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Compatibility.Differential;

/// <summary>The same requests to our broker and to Kafka's: the same answers, but for what is explained.</summary>
public class DifferentialTests(BrokerPair brokers, ITestOutputHelper output) : IClassFixture<BrokerPair>
{
    private static int s_barriers;

    public static TheoryData<string> Scripts => [.. Directory.GetFiles(Script.Folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Both_brokers_answer_a_script_alike(string name)
    {
        KafkaJars.Require();
        using var ours = new BrokerSide("Moldau", brokers.Ours);
        using var kafkas = new BrokerSide("Kafka", brokers.Kafkas);
        ours.Save("data", brokers.OursData);
        kafkas.Save("data", brokers.KafkasData);
        await Coordinated.PrepareAsync(ours);
        await Coordinated.PrepareAsync(kafkas);
        await Coordinated.PrepareSharesAsync(ours);
        await Coordinated.PrepareSharesAsync(kafkas);

        var run = new DifferentialRun(name, ours, kafkas);
        s_barriers += 10_000;
        await run.RunAsync(Script.Read(name), s_barriers);

        var known = new KnownDifferences();
        var unexplained = run.Found.Where(found => !known.Explains(found)).ToList();
        output.WriteLine($"{run.Requests} requests, {run.Found.Count} fields differ, {run.Found.Count - unexplained.Count} of them explained; {TestSeed.Text}");
        var faults = Difference.Lines(unexplained).Concat(known.Stale(name).Select(row => "no longer a difference: " + row)).ToList();
        if (faults.Count > 0) Assert.Fail(string.Join('\n', faults));
    }
}
