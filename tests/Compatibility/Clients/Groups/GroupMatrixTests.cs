using Moldau.Compatibility.Clients.Matrix;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Wire;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Clients.Groups;

/// <summary>
/// What each client wrote in transactions, every client reads in a group, of the classic protocol or of the newer one: all
/// that was committed, nothing that was aborted, and each value once, also where another goes on in the same group.
/// </summary>
public sealed class GroupMatrixTests(TransactionTopics topics) : IClassFixture<TransactionTopics>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private static IReadOnlyList<string> Topics => [.. TransactionTopics.Writers.Select(static writer => writer.Topic)];

    private static List<string> Committed => [.. TransactionTopics.Writers.SelectMany(static writer => writer.Committed).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Readers => [.. GroupReader.All.Select(static reader => reader.Name)];

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task Each_reads_what_all_committed_and_its_group_goes_on(string name)
    {
        var reader = GroupReader.All.Single(reader => reader.Name == name);
        Assert.SkipUnless(reader.IsThere, $"{name} is not there: MOLDAU_KAFKA or MOLDAU_WHEELS names no folder");
        var read = (await reader.ReadAsync(topics.Address, Topics, "of-" + name, reader.StopsHalfway ? Committed.Count * 3 / 5 : Committed.Count)).ToList();
        if (reader.StopsHalfway) read.AddRange(await reader.ReadAsync(topics.Address, Topics, "of-" + name, Committed.Count - read.Count));
        AssertAllOnce(read);
    }

    [Fact]
    public async Task One_goes_on_where_another_stopped()
    {
        // Who does not stop half-way is the last.
        var readers = GroupReader.All.Where(static reader => reader.IsThere).OrderByDescending(static reader => reader.StopsHalfway).ToList();
        var read = new List<string>();
        for (var i = 0; i < readers.Count; i++)
        {
            read.AddRange(await readers[i].ReadAsync(topics.Address, Topics, "relay", (Committed.Count - read.Count) / (readers.Count - i)));
        }

        AssertAllOnce(read);
    }

    [Fact]
    public async Task What_was_aborted_is_there_for_who_asks_for_it()
    {
        foreach (var writer in TransactionTopics.Writers)
        {
            var all = await KcatAsync(writer.Topic, "read_uncommitted");
            Assert.Equal(writer.Committed.Concat(writer.Aborted).Order(StringComparer.Ordinal), all);
        }
    }

    [Theory]
    [InlineData(Librdkafka.Old, "classic")]
    [InlineData(Librdkafka.New, "classic")]
    [InlineData(Librdkafka.New, "consumer")]
    public Task Librdkafka_copies_exactly_once(string which, string protocol) => CopiesAsync($"{which}-{protocol}", async (from, to, group, count) => await ChildProcess.RunAsync(
        $"{which} librdkafka to copy", Deadline, await Librdkafka.PythonAsync(which),
        [Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "librdkafka", "transactions.py"), "copy", topics.Address, from, to, group, $"{count}", protocol]));

    [Theory]
    [InlineData("classic")]
    [InlineData("consumer")]
    public Task Java_copies_exactly_once(string protocol)
    {
        KafkaJars.Require();
        return CopiesAsync("java-" + protocol, async (from, to, group, count) =>
        {
            using var run = new JavaTools();
            run.Add("Transactions", "copy", topics.Address, from, to, group, $"{count}", protocol);
            await run.RunAsync("Java to copy");
        });
    }

    private async Task CopiesAsync(string name, Func<string, string, string, int, Task> copyAsync)
    {
        var writer = TransactionTopics.Writers.Single(static writer => writer.Name == "kafkajs");
        var target = "copied-by-" + name;
        await topics.CreateAsync(target);
        await copyAsync(writer.Topic, target, "copiers-" + name, writer.Committed.Count());
        Assert.Equal(writer.Committed.Order(StringComparer.Ordinal), await KcatAsync(target, "read_committed"));
        Assert.NotEqual(writer.Committed.Count(), (await KcatAsync(target, "read_uncommitted")).Count);
    }

    private async Task<List<string>> KcatAsync(string topic, string isolation) =>
        [.. (await ChildProcess.RunAsync(
            $"kcat to read {topic}", Deadline, "kcat",
            ["-C", "-b", topics.Address, "-t", topic, "-o", "beginning", "-e", "-q", "-X", "isolation.level=" + isolation, "-f", "%s\\n"])).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    private static void AssertAllOnce(IEnumerable<string> read) => Assert.Equal(Committed, read.Order(StringComparer.Ordinal));
}
