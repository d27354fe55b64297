using System.CommandLine;
using Moldau.Host.Serving;

namespace Moldau.Host.Commands;

/// <summary><c>moldau start</c> and <c>moldau dev</c>: a broker in this process, until it is told to stop.</summary>
internal static class StartCommand
{
    public static Command Start(TextWriter output, TextWriter error)
    {
        var data = new Option<string?>("--data") { Description = $"Folder of the data (log.dirs); {ServerSettings.DefaultData} where nothing is said", HelpName = "DIR" };
        var upgrade = new Option<bool>("--upgrade") { Description = "Bring a data folder of an older format to this build's; there may be no way back" };
        var cluster = new Option<string?>("--cluster-id") { Description = "The id of a cluster that begins here; a folder of another cluster is refused", HelpName = "ID" };
        return Create("start", "Starts a broker", output, error, [data, cluster, upgrade], (parsed, options) =>
            options with { Data = parsed.GetValue(data), ClusterId = parsed.GetValue(cluster), Upgrades = parsed.GetValue(upgrade) });
    }

    public static Command Dev(TextWriter output, TextWriter error) =>
        Create("dev", "Starts a broker for trying things out: its data is in memory and gone with it", output, error, [], static (_, options) => options with { IsInMemory = true });

    private static Command Create(
        string name, string description, TextWriter output, TextWriter error, IReadOnlyList<Option> own, Func<ParseResult, StartOptions, StartOptions> complete)
    {
        var listen = Many("--listen", "[NAME://]HOST:PORT", "Where to listen; several times for several listeners");
        var advertise = Many("--advertise", "[NAME://]HOST:PORT", "What clients are told to connect to");
        var set = Many("--set", "NAME=VALUE", "A setting, over the file's and the environment's");
        var http = new Option<string?>("--http") { Description = $"Where health and metrics are; {HttpSurface.DefaultAddress} where nothing is said, 'none' for nowhere", HelpName = "HOST:PORT" };
        var config = new Option<string?>("--config") { Description = "A file of settings, as Kafka's server.properties", HelpName = "FILE" };
        var anonymous = new Option<bool>("--allow-anonymous") { Description = "Let clients of other machines in without asking who they are" };
        var command = new Command(name, description) { listen, advertise, anonymous, http, config, set };
        foreach (var option in own) command.Add(option);
        command.SetAction(parsed => ServerRun.RunAsync(
            complete(parsed, new StartOptions
            {
                Listen = parsed.GetValue(listen) ?? [],
                Advertise = parsed.GetValue(advertise) ?? [],
                AllowsAnonymous = parsed.GetValue(anonymous),
                Sets = parsed.GetValue(set) ?? [],
                Http = parsed.GetValue(http),
                Config = parsed.GetValue(config),
            }),
            output, error).GetAwaiter().GetResult());
        return command;
    }

    private static Option<string[]> Many(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };
}
