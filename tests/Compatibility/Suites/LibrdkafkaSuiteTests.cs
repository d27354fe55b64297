using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Serving;
using Xunit;

namespace Moldau.Compatibility.Suites;

/// <summary>
/// librdkafka's own test suite, whole, against our broker. What passes is in docs/compatibility/librdkafka.md: that must
/// go on passing, and whatever passes of the rest has to be moved there.
/// </summary>
public sealed class LibrdkafkaSuiteTests(ITestOutputHelper output) : IDisposable
{
    private const string Variable = "MOLDAU_LIBRDKAFKA_TESTS";

    /// <summary>What counts on members that are in a group at once: it deletes one six seconds after the last of them was in.</summary>
    private static readonly string[] AtOnce = ["0081"];

    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-librdkafka-").FullName;

    [Fact]
    public void The_counts_are_those_of_the_tables()
    {
        Assert.Equal(LibrdkafkaRecord.Passing.Count, LibrdkafkaRecord.CountHere);
        Assert.Equal(LibrdkafkaRecord.Passing.Count + LibrdkafkaRecord.Difference.Count, LibrdkafkaRecord.CountOnKafka);
    }

    [Fact]
    public async Task What_passes_on_Kafka_passes_here_but_for_what_is_not_served_yet()
    {
        var tests = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(tests), Variable + " names no folder with librdkafka's built tests");
        Assert.SkipUnless(Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1", "takes more than a quarter of an hour; ./test --long does it");
        KafkaJars.Require();

        var suite = new LibrdkafkaSuite(tests, Path.GetDirectoryName(KafkaJars.Script)!, Directory.CreateDirectory(Path.Combine(_folder, "output")).FullName);
        await RunAsync(suite, "default", LibrdkafkaRecord.Numbers.Except(AtOnce), "auto.create.topics.enable=true");
        await RunAsync(suite, "default", AtOnce, "auto.create.topics.enable=true", "group.initial.rebalance.delay.ms=0");
        await RunAsync(suite, "noautocreate", LibrdkafkaRecord.Numbers, "auto.create.topics.enable=false");

        var passed = suite.Outcomes.Where(static outcome => outcome.Value == "PASSED").Select(static outcome => outcome.Key).ToHashSet(StringComparer.Ordinal);
        var lost = LibrdkafkaRecord.Passing.Where(name => !passed.Contains(name)).ToList();
        var gained = LibrdkafkaRecord.Difference.Where(passed.Contains).ToList();
        output.WriteLine($"{passed.Count} passed of {suite.Outcomes.Count}; on Kafka only: {string.Join(' ', LibrdkafkaRecord.Difference)}");
        foreach (var name in lost) await PrintEndAsync(suite, name);
        Assert.True(lost.Count == 0, "must pass, and does not: " + string.Join(' ', lost));
        Assert.True(gained.Count == 0, "passes here now, so it belongs to those that pass on both: " + string.Join(' ', gained));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task RunAsync(LibrdkafkaSuite suite, string scenario, IEnumerable<string> numbers, params string[] settings)
    {
        using var broker = await BrokerProcess.StartAsync(
            Path.Combine(_folder, string.Join('-', [scenario, .. settings])),
            environment: null,
            [
                "num.partitions=4",
                "broker.rack=RACK1",
                "group.share.min.record.lock.duration.ms=1000",
                "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found=true",
                .. settings,
            ]);
        await suite.RunAsync(broker.Address.ToString(), scenario, numbers, TestContext.Current.CancellationToken);
    }

    private async Task PrintEndAsync(LibrdkafkaSuite suite, string name)
    {
        const int lines = 40;
        var log = suite.OutputOf(name[..4]);
        output.WriteLine($"--- {name}");
        if (File.Exists(log)) output.WriteLine(string.Join('\n', (await File.ReadAllLinesAsync(log)).TakeLast(lines)));
    }
}
