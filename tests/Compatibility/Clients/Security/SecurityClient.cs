using System.Globalization;
using Moldau.Compatibility.Clients.Matrix;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Wire;
using Moldau.Shared;

namespace Moldau.Compatibility.Clients.Security;

/// <summary>A foreign client behind a program that makes all its attempts in one process.</summary>
/// <param name="run">Runs it with the broker's address and the attempts as lines, and returns what it said.</param>
internal sealed class SecurityClient(string name, Func<string, IReadOnlyList<string>, Task<IReadOnlyList<string>>> run)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    public static IReadOnlyList<SecurityClient> All { get; } =
    [
        new("librdkafka-old", static async (address, lines) => await ScriptAsync([await Librdkafka.PythonAsync(Librdkafka.Old), Script("librdkafka", "security.py")], address, lines)),
        new("librdkafka-new", static async (address, lines) => await ScriptAsync([await Librdkafka.PythonAsync(Librdkafka.New), Script("librdkafka", "security.py")], address, lines)) { IsThere = Librdkafka.HasNew },
        new("java", static (address, lines) => KafkaJars.RunAsync("Java's way in", Deadline, "SecurityClient", [address, .. lines])) { IsThere = KafkaJars.IsThere },
        new("kafkajs", static async (address, lines) => await ScriptAsync(await NodeClients.CommandAsync("kafkajs-security"), address, lines)),
        new("platformatic", static async (address, lines) => await ScriptAsync(await NodeClients.CommandAsync("platformatic-security"), address, lines)),
    ];

    public string Name => name;

    public bool IsThere { get; private init; } = true;

    /// <summary>What came of each attempt, and why.</summary>
    public async Task<IReadOnlyList<(string Outcome, string Why)>> TryAsync(string address, IReadOnlyList<SecurityCell> cells)
    {
        var lines = cells.Select(static (cell, i) => string.Create(CultureInfo.InvariantCulture, $"{i}\t{cell.Mechanism}\t{cell.User}\t{cell.Secret}\t{cell.Topic}")).ToList();
        var outcomes = new (string, string)[cells.Count];
        foreach (var line in await run(address, lines))
        {
            if (line.Split('\t') is [var number, var outcome, var why]) outcomes[int.Parse(number, CultureInfo.InvariantCulture)] = (outcome, why);
        }

        return outcomes;
    }

    public override string ToString() => name;

    private static string Script(string folder, string file) => Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", folder, file);

    private static async Task<IReadOnlyList<string>> ScriptAsync(string[] words, string address, IReadOnlyList<string> lines) =>
        (await ChildProcess.RunAsync("a client's way in", Deadline, words[0], [.. words[1..], address], lines)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
