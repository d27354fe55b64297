using System.Text;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Groups;
using Moldau.Compatibility.Clients.Matrix;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Wire;
using Moldau.Shared;

namespace Moldau.Compatibility.Clients.Groups;

/// <summary>A client that joins a group, reads so many committed values of topics, stores how far it came, and leaves.</summary>
/// <param name="Name">With the group's protocol, where the client has both.</param>
/// <param name="StopsHalfway">Whether it stores how far it has read, not how far it has fetched, when it is told to stop before the end.</param>
/// <param name="IsThere">Whether it can be run here.</param>
/// <param name="RunAsync">At an address, from topics, in a group, so many; a value a line.</param>
internal sealed record GroupReader(string Name, bool StopsHalfway, bool IsThere, Func<string, IReadOnlyList<string>, string, int, Task<string>> RunAsync)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    public static IReadOnlyList<GroupReader> All { get; } =
    [
        new("librdkafka-old", true, true, static (address, topics, group, count) => PythonAsync(Librdkafka.Old, "classic", address, topics, group, count)),
        new("librdkafka-new", true, Librdkafka.HasNew, static (address, topics, group, count) => PythonAsync(Librdkafka.New, "classic", address, topics, group, count)),
        new("librdkafka-new-consumer", true, Librdkafka.HasNew, static (address, topics, group, count) => PythonAsync(Librdkafka.New, "consumer", address, topics, group, count)),
        new("console", true, KafkaJars.IsThere, static (address, topics, group, count) => ConsoleAsync("classic", address, topics, group, count)),
        new("console-consumer", true, KafkaJars.IsThere, static (address, topics, group, count) => ConsoleAsync("consumer", address, topics, group, count)),
        new("kafkajs", true, true, static (address, topics, group, count) => NodeAsync("groups", "classic", address, topics, group, count)),
        new("platformatic", true, true, static (address, topics, group, count) => NodeAsync("platformatic-groups", "classic", address, topics, group, count)),
        new("platformatic-consumer", true, true, static (address, topics, group, count) => NodeAsync("platformatic-groups", "consumer", address, topics, group, count)),
        new("kcat", false, true, KcatAsync),
        new("ours", true, true, static (address, topics, group, count) => OursAsync(GroupProtocol.Classic, address, topics, group, count)),
        new("ours-consumer", true, true, static (address, topics, group, count) => OursAsync(GroupProtocol.Consumer, address, topics, group, count)),
    ];

    public async Task<string[]> ReadAsync(string address, IReadOnlyList<string> topics, string group, int count) =>
        (await RunAsync(address, topics, group, count)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> OursAsync(GroupProtocol protocol, string address, IReadOnlyList<string> topics, string group, int count)
    {
        await using var client = new KafkaClient(new KafkaClientOptions { Bootstrap = address });
        await using var consumer = client.CreateConsumer<byte[], string>(new ConsumerOptions { GroupId = group, Topics = topics, Group = new GroupOptions { Protocol = protocol } });
        using var enough = new CancellationTokenSource(Deadline);
        var values = new List<string>();
        try
        {
            await foreach (var record in consumer.ReadAllAsync(enough.Token))
            {
                values.Add(record.Value!);
                // Asking for the next one says that the last is done.
                if (values.Count == count) await enough.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // So many were there, or none came in time.
        }

        return string.Join('\n', values);
    }

    private static Task<string> KcatAsync(string address, IReadOnlyList<string> topics, string group, int count) => ChildProcess.RunAsync(
        "kcat in a group", Deadline, "kcat", ["-b", address, "-G", group, "-q", "-c", $"{count}", "-X", "auto.offset.reset=earliest", "-f", "%s\\n", .. topics]);

    private static async Task<string> PythonAsync(string which, string protocol, string address, IReadOnlyList<string> topics, string group, int count) => await ChildProcess.RunAsync(
        $"{which} librdkafka in a group", Deadline, await Librdkafka.PythonAsync(which),
        [Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "librdkafka", "groups.py"), "consume", address, string.Join(',', topics), group, $"{count}", protocol]);

    private static async Task<string> NodeAsync(string script, string protocol, string address, IReadOnlyList<string> topics, string group, int count)
    {
        var words = await NodeClients.CommandAsync(script);
        return await ChildProcess.RunAsync($"{script} in a group", Deadline, words[0], [.. words[1..], "consume", address, string.Join(',', topics), group, $"{count}", protocol]);
    }

    private static async Task<string> ConsoleAsync(string protocol, string address, IReadOnlyList<string> topics, string group, int count)
    {
        using var run = new JavaTools();
        run.AddReading(
            "org.apache.kafka.tools.consumer.ConsoleConsumer", "--bootstrap-server", address, "--include", string.Join('|', topics), "--group", group,
            "--command-property", "group.protocol=" + protocol, "--isolation-level", "read_committed", "--from-beginning", "--max-messages", $"{count}", "--timeout-ms", "30000");
        return Encoding.UTF8.GetString((await run.RunAsync("Kafka's console consumer"))[0]);
    }
}
