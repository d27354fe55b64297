using System.Text;
using Moldau.Compatibility.Clients.Matrix;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Wire;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Clients.Groups;

/// <summary>
/// Members of groups that others wrote: each reads everything, stores how far it came, leaves, and the next one of
/// the group goes on behind it.
/// </summary>
public sealed class GroupClientTests(OurBroker broker) : IClassFixture<OurBroker>
{
    private const int First = 600;
    private const int Second = 60;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    [Fact]
    public Task Kafkajs_goes_on_where_its_group_stopped() => GoesOnAsync("kafkajs", async (topic, group, count) =>
    {
        var words = await NodeClients.CommandAsync("groups");
        return await ChildProcess.RunAsync("kafkajs in a group", Deadline, words[0], [.. words[1..], "consume", broker.Address, topic, group, $"{count}"]);
    });

    [Theory]
    [InlineData(Librdkafka.Old)]
    [InlineData(Librdkafka.New)]
    public Task Librdkafka_goes_on_where_its_group_stopped(string which) =>
        GoesOnAsync($"librdkafka-{which}", (topic, group, count) => PythonAsync(which, "consume", topic, group, count));

    [Theory]
    [InlineData(Librdkafka.Old, "classic")]
    [InlineData(Librdkafka.New, "classic")]
    [InlineData(Librdkafka.New, "consumer")]
    public async Task Members_share_the_partitions(string which, string protocol)
    {
        var topic = $"shared-{which}-{protocol}";
        await CreateAsync(topic);

        Assert.Equal("0\n1\n2", (await PythonAsync(which, "share", topic, $"sharers-{which}-{protocol}", 3, protocol)).Trim());
    }

    [Fact]
    public Task Kcat_goes_on_where_its_group_stopped() => GoesOnAsync("kcat", (topic, group, count) => KcatAsync(topic, group, count));

    /// <summary>It is kcat's own doing: -o is put in the place of what the group has stored, by whatever broker.</summary>
    [Fact]
    public async Task Kcat_that_is_told_where_to_begin_begins_there_again()
    {
        await CreateAsync("told");
        await WriteAsync("told", 0, Second);
        for (var i = 0; i < 2; i++)
        {
            var read = await KcatAsync("told", "told", Second, "-o", "beginning");
            Assert.Equal(Values(0, Second), read.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public Task The_console_consumer_goes_on_where_its_group_stopped()
    {
        KafkaJars.Require();
        return GoesOnAsync("console", async (topic, group, count) =>
        {
            using var run = new JavaTools();
            run.AddReading("org.apache.kafka.tools.consumer.ConsoleConsumer", "--bootstrap-server", broker.Address, "--topic", topic, "--group", group, "--from-beginning",
                "--max-messages", $"{count}", "--timeout-ms", "30000");
            return Encoding.UTF8.GetString((await run.RunAsync("Kafka's console consumer"))[0]);
        });
    }

    private async Task GoesOnAsync(string client, Func<string, string, int, Task<string>> consume)
    {
        var (topic, group) = ($"of-{client}", $"{client}s");
        await CreateAsync(topic);
        await WriteAsync(topic, 0, First);
        Assert.Equal(Values(0, First), await ReadAsync(First));
        await WriteAsync(topic, First, Second);
        Assert.Equal(Values(First, Second), await ReadAsync(Second));

        async Task<IEnumerable<string>> ReadAsync(int count) =>
            (await consume(topic, group, count)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Values(int first, int count) => Enumerable.Range(first, count).Select(static number => $"v{number:D5}");

    private async Task CreateAsync(string topic)
    {
        var words = await NodeClients.CommandAsync("groups");
        await ChildProcess.RunAsync($"to make {topic}", Deadline, words[0], [.. words[1..], "create", broker.Address, topic, "3"]);
    }

    private Task<string> WriteAsync(string topic, int first, int count) =>
        ChildProcess.RunAsync($"kcat to write to {topic}", Deadline, "kcat", ["-P", "-b", broker.Address, "-t", topic], Values(first, count));

    private Task<string> KcatAsync(string topic, string group, int count, params string[] more) => ChildProcess.RunAsync(
        "kcat in a group", Deadline, "kcat", ["-b", broker.Address, "-G", group, "-q", "-c", $"{count}", "-X", "auto.offset.reset=earliest", "-f", "%s\\n", .. more, topic]);

    private async Task<string> PythonAsync(string which, string verb, string topic, string group, int count, string protocol = "classic") => await ChildProcess.RunAsync(
        $"{which} librdkafka to {verb} {topic}", Deadline, await Librdkafka.PythonAsync(which),
        [Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "librdkafka", "groups.py"), verb, broker.Address, topic, group, $"{count}", protocol]);
}
