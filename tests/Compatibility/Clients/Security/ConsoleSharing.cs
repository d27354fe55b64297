using System.Globalization;
using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Clients.Security;

/// <summary>Kafka's console share consumer, which learns from a file who it is. Of what it may not it says nothing, and waits.</summary>
internal static class ConsoleSharing
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(240);

    private const string Read = "\nof " + SecuredSharing.OpenTopic;

    public static async Task<IReadOnlyList<string>> TryAsync(SecuredSharing broker, IReadOnlyList<SharingCell> cells)
    {
        var lines = new List<string>();
        for (var i = 0; i < cells.Count; i++)
        {
            var file = Path.ChangeExtension(broker.AuthorityFile, string.Create(CultureInfo.InvariantCulture, $"{i}.properties"));
            await File.WriteAllLinesAsync(file, Settings(broker, cells[i]));
            lines.Add(string.Join('\t',
                "org.apache.kafka.tools.consumer.ConsoleShareConsumer", "--bootstrap-server", broker.Address(cells[i].Protocol), "--topic", cells[i].Topic, "--group", cells[i].Group,
                "--max-messages", "1", "--timeout-ms", "30000", "--command-config", file));
        }

        // A line that begins with '== ' stands before what each says, and names its command.
        var told = string.Join('\n', await KafkaJars.RunAsync("Kafka's console share consumer", Deadline, "ToolRunner", lines)).Split("== ")[1..];
        return [.. told.Select(static (said, i) => string.Create(CultureInfo.InvariantCulture, $"{i}\t{(said.Contains(Read, StringComparison.Ordinal) ? "read" : "failed")}\t{said.ReplaceLineEndings(" ").Replace('\t', ' ')}"))];
    }

    private static string[] Settings(SecuredSharing broker, SharingCell cell)
    {
        var module = cell.Mechanism == "PLAIN" ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        // Java's files of settings are of Latin letters, others are escaped.
        var secret = cell.Secret.Replace("\u00fc", "\\u00fc", StringComparison.Ordinal);
        return
        [
            $"security.protocol={cell.Protocol}",
            $"sasl.mechanism={cell.Mechanism}",
            $"sasl.jaas.config=org.apache.kafka.common.security.{module} required username=\"{SecuredSharing.User}\" password=\"{secret}\";",
            "ssl.truststore.type=PEM",
            $"ssl.truststore.location={broker.AuthorityFile}",
        ];
    }
}
