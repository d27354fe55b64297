using System.Collections;
using System.CommandLine;
using System.Globalization;
using Moldau.Broker.Settings.Start;
using Moldau.Client;
using Moldau.Host.Commands.Doctor.Facts;
using Moldau.Host.Commands.Doctor.Reading;
using Moldau.Host.Commands.Output;
using Moldau.Host.Serving;

namespace Moldau.Host.Commands.Doctor;

/// <summary><c>moldau doctor</c>: what is wrong with this machine, with the settings of a start, or with a running broker; and what mends it.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var config = new Option<string?>("--config") { Description = "The file of settings that a start would take", HelpName = "FILE" };
        var data = new Option<string?>("--data") { Description = "The folder of the data that a start would take", HelpName = "DIR" };
        var set = new Option<string[]>("--set") { Description = "A setting that a start would take, over the file's and the environment's", HelpName = "NAME=VALUE" };
        var http = new Option<string?>("--http") { Description = "Where the broker has its HTTP: asks whether it is ready, and compares clocks", HelpName = "HOST:PORT" };
        var watch = new Option<double>("--watch") { Description = "How long groups are watched for whether they fall behind, in seconds; 0 for not at all", HelpName = "SECONDS", DefaultValueFactory = static _ => 3 };
        var noMachine = new Option<bool>("--no-machine") { Description = "Leave this machine and the settings of a start out" };
        var format = FormatOption.CreateWithYaml();
        var verb = new ClusterVerb(terminal, "doctor", "Says what is wrong with this machine, and with --server with a running broker, and what mends it", config, data, set, http, watch, noMachine, format);
        return verb.Does(async (client, parsed, cancellation) =>
        {
            var diagnosis = new Diagnosis();
            if (!parsed.GetValue(noMachine))
            {
                var options = new StartOptions { Config = parsed.GetValue(config), Data = parsed.GetValue(data), Sets = parsed.GetValue(set) ?? [] };
                await LookAtMachineAsync(diagnosis, options, terminal.Clock, cancellation).ConfigureAwait(false);
            }

            if (verb.NamedServer(parsed) is { } server)
                await LookAtClusterAsync(diagnosis, client, terminal.Clock, server, parsed.GetValue(http), TimeSpan.FromSeconds(parsed.GetValue(watch)), cancellation).ConfigureAwait(false);
            else if (parsed.GetValue(noMachine)) throw new MisuseException("--no-machine leaves nothing to look at: name a broker with --server");
            DoctorReport.Write(terminal.Output, diagnosis, parsed.GetValue(format));
            return diagnosis.IsFailed ? ExitCode.Failed : ExitCode.Done;
        });
    }

    private static async Task LookAtMachineAsync(Diagnosis diagnosis, StartOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(static entry => (string)entry.Key, static entry => (string?)entry.Value ?? "");
        diagnosis.Look(CheckTables.Machine, new MachineReader(ReadText, variables).Read() with { IsClockSynchronized = MachineReader.IsClockSynchronized() });
        var start = ReadStart(options);
        diagnosis.Look(CheckTables.Start, start);
        if (start.Faults.Count > 0) return;

        var reader = new FolderReader(new MountTable(ReadText("/proc/self/mountinfo") ?? ""), int.Parse(start.Values["node.id"], CultureInfo.InvariantCulture));
        var paths = (start.Values.GetValueOrDefault("log.dirs") ?? start.Values["log.dir"]).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var folders = paths.Select(reader.Read).ToList();
        foreach (var folder in folders) diagnosis.Look(CheckTables.Folder, folder);
        var isRunning = folders.Exists(static folder => folder.Holder is not null);
        foreach (var listener in await new ListenerReader(start.Values, isRunning, clock).ReadAsync(cancellation).ConfigureAwait(false)) diagnosis.Look(CheckTables.Listener, listener);
    }

    private static async Task LookAtClusterAsync(
        Diagnosis diagnosis, KafkaClient client, TimeProvider clock, string server, string? http, TimeSpan watch, CancellationToken cancellation)
    {
        var (facts, settings) = await new ClusterReader(client, clock).ReadAsync(server, http, watch, cancellation).ConfigureAwait(false);
        diagnosis.Look(CheckTables.Cluster, facts);
        foreach (var broker in settings) diagnosis.Look(CheckTables.BrokerSettings, broker);
    }

    private static StartFacts ReadStart(StartOptions options)
    {
        try
        {
            return new StartFacts { Values = ServerSettings.Read(options).Values };
        }
        catch (StartSettingsException refused)
        {
            return new StartFacts { Faults = refused.Faults };
        }
    }

    private static string? ReadText(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
