using System.Globalization;
using Moldau.Client;
using Moldau.Client.Security;
using Moldau.Client.Sharing;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Wire;
using Moldau.Protocol.Errors;
using Moldau.Shared;

namespace Moldau.Compatibility.Clients.Security;

/// <summary>A share consumer that makes its attempts, those of others in one process.</summary>
/// <param name="run">Makes attempts, given as lines too, and returns a line each of what came of them.</param>
internal sealed class SharingClient(string name, Func<SecuredSharing, IReadOnlyList<SharingCell>, IReadOnlyList<string>, Task<IReadOnlyList<string>>> run)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(240);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<SharingClient> All { get; } =
    [
        new("moldau", static (broker, cells, _) => OursAsync(broker, cells)),
        new("java", static (broker, _, lines) => KafkaJars.RunAsync("Java's share consumer's way in", Deadline, "ShareSecurity", [broker.AuthorityFile, .. lines])) { IsThere = KafkaJars.IsThere },
        new("console", static (broker, cells, _) => ConsoleSharing.TryAsync(broker, cells)) { IsThere = KafkaJars.IsThere, TellsNoReason = true },
        new("librdkafka", static (broker, _, lines) => LibrdkafkaAsync(broker, lines)) { IsThere = Librdkafka.HasNew },
    ];

    public string Name => name;

    public bool IsThere { get; private init; } = true;

    /// <summary>Whether nobody learns from it that something was denied.</summary>
    public bool TellsNoReason { get; private init; }

    /// <summary>What came of each attempt, and why.</summary>
    public async Task<IReadOnlyList<(string Outcome, string Why)>> TryAsync(SecuredSharing broker, IReadOnlyList<SharingCell> cells)
    {
        var outcomes = new (string, string)[cells.Count];
        foreach (var line in await run(broker, cells, [.. cells.Select((cell, i) => cell.Line(i, broker.Address(cell.Protocol)))]))
        {
            if (line.Split('\t') is [var number, var outcome, var why]) outcomes[int.Parse(number, CultureInfo.InvariantCulture)] = (outcome, why);
        }

        return outcomes;
    }

    public override string ToString() => name;

    private static async Task<IReadOnlyList<string>> LibrdkafkaAsync(SecuredSharing broker, IReadOnlyList<string> lines)
    {
        var program = Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "librdkafka", "sharing_security.py");
        var told = await ChildProcess.RunAsync("librdkafka's share consumer's way in", Deadline, await Librdkafka.PythonAsync(Librdkafka.New), [program, broker.AuthorityFile], lines);
        return told.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<IReadOnlyList<string>> OursAsync(SecuredSharing broker, IReadOnlyList<SharingCell> cells)
    {
        var outcomes = await Task.WhenAll(cells.Select(cell => OurAttemptAsync(broker, cell)));
        return [.. outcomes.Select(static (one, i) => string.Create(CultureInfo.InvariantCulture, $"{i}\t{one.Outcome}\t{one.Why.ReplaceLineEndings(" ")}"))];
    }

    private static async Task<(string Outcome, string Why)> OurAttemptAsync(SecuredSharing broker, SharingCell cell)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await using var client = new KafkaClient(new KafkaClientOptions
            {
                Bootstrap = broker.Address(cell.Protocol),
                Tls = cell.Protocol == "SASL_SSL" ? broker.Tls : null,
                Sasl = cell.Mechanism switch
                {
                    "PLAIN" => new PlainCredentials(SecuredSharing.User, cell.Secret),
                    "SCRAM-SHA-256" => ScramCredentials.Sha256(SecuredSharing.User, cell.Secret),
                    _ => ScramCredentials.Sha512(SecuredSharing.User, cell.Secret),
                },
            });
            await using var consumer = client.CreateShareConsumer<string, string>(new() { GroupId = cell.Group, Topics = [cell.Topic], LongestWait = TimeSpan.FromMilliseconds(100) });
            await foreach (var record in consumer.ReadAllAsync(patience.Token))
            {
                record.Accept();
                var committed = await consumer.CommitAsync(patience.Token);
                return committed.Values.All(static one => one.Error is null) ? ("read", record.Value ?? "") : ("failed", "not acknowledged");
            }

            return ("failed", "the reading ended");
        }
        catch (KafkaException failure)
        {
            return (Outcome(failure.Code), failure.Message);
        }
        catch (OperationCanceledException)
        {
            return ("failed", "nothing came of it");
        }
    }

    private static string Outcome(ErrorCode code) => code switch
    {
        ErrorCode.GroupAuthorizationFailed => "denied group",
        ErrorCode.TopicAuthorizationFailed => "denied topic",
        ErrorCode.SaslAuthenticationFailed => "refused",
        _ => "failed",
    };
}
