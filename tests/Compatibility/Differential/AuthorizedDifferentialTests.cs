using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Differential;

/// <summary>The same requests to our broker and to Kafka's by users who may do all, nothing, and half of it: the same answers, but for what is explained.</summary>
[Collection(nameof(AuthorizedPair))]
public class AuthorizedDifferentialTests(AuthorizedPair brokers, ITestOutputHelper output)
{
    private const string Folder = "authorized";

    private static int s_barriers;

    public static TheoryData<string> Scripts =>
        [.. Directory.GetFiles(Path.Combine(Script.Folder, Folder), "*.txt").Select(path => $"{Folder}/{Path.GetFileNameWithoutExtension(path)}").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Both_brokers_allow_and_refuse_alike(string name)
    {
        KafkaJars.Require();
        using var ours = brokers.Ours();
        using var kafkas = brokers.Kafkas();
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
