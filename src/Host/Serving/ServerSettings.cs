using System.Collections;
using Moldau.Broker.Settings.Start;
using Moldau.Host.Commands;
using Moldau.Storage.Files;

namespace Moldau.Host.Serving;

/// <summary>From the command line, the environment and a file to the settings a broker starts with.</summary>
internal static class ServerSettings
{
    public const string DefaultData = "./moldau-data";
    public const string DefaultListener = "PLAINTEXT://127.0.0.1:9092";

    /// <summary>Variables of this program that are no settings.</summary>
    private static readonly string[] OtherVariables = ["MOLDAU_KAFKA", "MOLDAU_WHEELS", "MOLDAU_LIBRDKAFKA_TESTS", "MOLDAU_LONG", "MOLDAU_SEED", "MOLDAU_REMAKE", ClusterVerb.ServerVariable, ClusterVerb.ConfigVariable];

    /// <exception cref="StartSettingsException">Something given is not possible.</exception>
    public static StartSettings Read(StartOptions options)
    {
        var input = new StartInput
        {
            File = options.Config,
            Environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(static entry => (string)entry.Key, static entry => (string?)entry.Value ?? ""),
            OtherVariables = OtherVariables,
            // What is said with --set counts more than what an option says.
            Sets = [.. FromOptions(options), .. options.Sets],
        };
        var read = StartReader.Read(input, new DiskSmallFiles());
        var values = new Dictionary<string, string>(read.Values, StringComparer.Ordinal);
        if (!values.ContainsKey("log.dirs") && !values.ContainsKey("log.dir")) values["log.dirs"] = options.IsInMemory ? "/memory" : DefaultData;
        values.TryAdd("listeners", DefaultListener);
        values.TryAdd("node.id", "1");
        values.TryAdd("broker.id", values["node.id"]);
        if (options.IsInMemory) values.TryAdd("group.initial.rebalance.delay.ms", "0");
        return read with { Values = values };
    }

    private static IEnumerable<string> FromOptions(StartOptions options)
    {
        if (options.Data is { } data) yield return $"log.dirs={data}";
        if (options.AllowsAnonymous) yield return "moldau.allow.anonymous=true";
        if (options.Listen.Count > 0) yield return $"listeners={string.Join(',', options.Listen.Select(Named))}";
        if (options.Advertise.Count > 0) yield return $"advertised.listeners={string.Join(',', options.Advertise.Select(Named))}";
    }

    private static string Named(string address) => address.Contains("://", StringComparison.Ordinal) ? address : $"PLAINTEXT://{address}";
}
