using Moldau.Compatibility.Clients.Matrix;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Wire;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Clients.Tls;

/// <summary>
/// Clients that others wrote, over TLS: each writes a record without a certificate where none is asked for, and with a
/// good one, with one as good of somebody whom no rule allows anything, with a stranger's and with none where one is. A
/// child process a client tells what came of it, and of a denial by the client's own word for TOPIC_AUTHORIZATION_FAILED.
/// </summary>
public sealed class TlsClientTests(TlsClientBroker broker) : IClassFixture<TlsClientBroker>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);
    private static readonly (string Case, string Outcome)[] Cases =
        [("open", "written"), ("good", "written"), ("denied", "denied"), ("stranger", "refused"), ("none", "refused")];

    [Theory]
    [InlineData(Librdkafka.Old)]
    [InlineData(Librdkafka.New)]
    public async Task Librdkafka_old_and_new(string which)
    {
        var python = await Librdkafka.PythonAsync(which);
        await CheckAsync([python, Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "librdkafka", "tls.py")]);
    }

    [Fact]
    public async Task Kafkajs() => await CheckAsync(await NodeClients.CommandAsync("kafkajs-tls"));

    [Fact]
    public async Task Platformatic() => await CheckAsync(await NodeClients.CommandAsync("platformatic-tls"));

    [Fact]
    public async Task Java()
    {
        KafkaJars.Require();
        var told = await KafkaJars.RunAsync("Java's producer over TLS", Deadline, "TlsClient", [broker.Open, broker.Asking, broker.Folder]);
        // Its own log of a denial stands there, too.
        Check([.. told.Where(static line => Cases.Any(one => line.StartsWith(one.Case + " ", StringComparison.Ordinal)))]);
    }

    [Fact]
    public async Task Kcat()
    {
        var told = new List<string>();
        foreach (var (name, outcome) in Cases)
        {
            string[] own = name is "open" or "none" ? [] : ["-X", $"ssl.certificate.location={File($"{name}.pem")}", "-X", $"ssl.key.location={File($"{name}.key")}"];
            var address = name == "open" ? broker.Open : broker.Asking;
            // Who is not let in it does not tell of a record that it writes.
            string[] verb = outcome == "refused" ? ["-L", "-m", "5"] : ["-P", "-t", "of-kcat"];
            try
            {
                await ChildProcess.RunAsync(
                    $"kcat over TLS, {name}", Deadline, "kcat", [.. verb, "-b", address, "-X", "security.protocol=SSL", "-X", $"ssl.ca.location={File("ca.pem")}", .. own], [name]);
                told.Add($"{name} written");
            }
            catch (InvalidOperationException denied) when (denied.Message.Contains("Topic authorization failed", StringComparison.Ordinal))
            {
                told.Add($"{name} denied");
            }
            catch (InvalidOperationException refused) when (refused.Message.Contains("Failed to acquire metadata", StringComparison.Ordinal))
            {
                told.Add($"{name} refused");
            }
        }

        Check(told);
    }

    private string File(string name) => Path.Combine(broker.Folder, name);

    private async Task CheckAsync(string[] command)
    {
        var told = await ChildProcess.RunAsync("a client over TLS", Deadline, command[0], [.. command[1..], broker.Open, broker.Asking, broker.Folder]);
        Check(told.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static void Check(IReadOnlyList<string> told) => Assert.Equal(Cases.Select(static one => $"{one.Case} {one.Outcome}"), told);
}
