using System.Globalization;
using Moldau.Compatibility.Clients.Matrix;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Wire;
using Moldau.Shared;

namespace Moldau.Compatibility.Clients.Groups;

/// <summary>A client that writes its values in transactions, of which it aborts every third.</summary>
/// <param name="Name">What its values begin with, too.</param>
/// <param name="Aborts">Whether it can: kcat has no word for it.</param>
/// <param name="IsThere">Whether it can be run here.</param>
/// <param name="WriteAsync">To a topic of three partitions at an address.</param>
internal sealed record TransactionWriter(string Name, bool Aborts, bool IsThere, Func<string, string, string, Task> WriteAsync)
{
    private const int Rounds = 9;
    private const int InRound = 20;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    public static IReadOnlyList<TransactionWriter> All { get; } =
    [
        new("kcat", false, true, KcatAsync),
        new("librdkafka-old", true, true, static (address, topic, name) => PythonAsync(Librdkafka.Old, address, topic, name)),
        new("librdkafka-new", true, Librdkafka.HasNew, static (address, topic, name) => PythonAsync(Librdkafka.New, address, topic, name)),
        new("java", true, KafkaJars.IsThere, JavaAsync),
        new("kafkajs", true, true, static (address, topic, name) => NodeAsync("groups", address, topic, name)),
        new("platformatic", true, true, static (address, topic, name) => NodeAsync("platformatic-groups", address, topic, name)),
    ];

    public string Topic => "mixed-" + Name;

    public IEnumerable<string> Committed => Of(static round => round % 3 != 2);

    public IEnumerable<string> Aborted => Aborts ? Of(static round => round % 3 == 2) : [];

    private IEnumerable<string> Of(Func<int, bool> isWanted) =>
        from round in Enumerable.Range(0, Rounds)
        where isWanted(round)
        from number in Enumerable.Range(0, InRound)
        select string.Create(CultureInfo.InvariantCulture, $"{Name}-{round:D2}-{number:D2}");

    private static Task<string> KcatAsync(string address, string topic, string name) => ChildProcess.RunAsync(
        "kcat's transaction", Deadline, "kcat", ["-P", "-b", address, "-t", topic, "-X", "transactional.id=" + name], All.Single(writer => writer.Name == name).Committed);

    private static async Task PythonAsync(string which, string address, string topic, string name) => await ChildProcess.RunAsync(
        $"{which} librdkafka's transactions", Deadline, await Librdkafka.PythonAsync(which),
        [Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "librdkafka", "transactions.py"), "write", address, topic, name]);

    private static async Task NodeAsync(string script, string address, string topic, string name)
    {
        var words = await NodeClients.CommandAsync(script);
        await ChildProcess.RunAsync($"{name}'s transactions", Deadline, words[0], [.. words[1..], "write", address, topic, name]);
    }

    private static async Task JavaAsync(string address, string topic, string name)
    {
        using var run = new JavaTools();
        run.Add("Transactions", "write", address, topic, name);
        await run.RunAsync("Java's transactions");
    }
}
