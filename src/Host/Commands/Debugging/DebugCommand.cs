using System.CommandLine;
using System.Globalization;
using Moldau.Host.Commands.Output;
using Moldau.Host.Serving;

namespace Moldau.Host.Commands.Debugging;

/// <summary><c>moldau debug</c>: what a broker of this machine tells of its inside.</summary>
internal static class DebugCommand
{
    public static Command Create(Terminal terminal) => new("debug", "Shows the inside of a broker on this machine") { Partition(terminal) };

    private static Command Partition(Terminal terminal)
    {
        var topic = new Argument<string>("TOPIC") { Description = "The topic's name" };
        var partition = new Argument<int>("PARTITION") { Description = "The partition's number" };
        var http = new Option<string>("--http") { Description = "Where the broker has its HTTP, as it says at its start", HelpName = "HOST:PORT", DefaultValueFactory = static _ => HttpSurface.DefaultAddress };
        var timeout = new Option<double>("--timeout") { Description = "How long to wait for it, in seconds", HelpName = "SECONDS", DefaultValueFactory = static _ => 10 };
        var format = FormatOption.Create();
        var command = new Command("partition", "Shows a partition as its broker has it: offsets, segments, leader epochs, producers, who waits") { topic, partition, http, timeout, format };
        command.SetAction(parsed => RunAsync(
            terminal, parsed.GetValue(http)!, TimeSpan.FromSeconds(parsed.GetValue(timeout)), parsed.GetValue(topic)!, parsed.GetValue(partition), parsed.GetValue(format)).GetAwaiter().GetResult());
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string http, TimeSpan timeout, string topic, int partition, OutputFormat format)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/debug/partitions/{Uri.EscapeDataString(topic)}/{partition}");
        var (report, problem) = await DebugClient.AskAsync(http, path, timeout).ConfigureAwait(false);
        if (report is null)
        {
            await terminal.Error.WriteLineAsync($"moldau: {problem}").ConfigureAwait(false);
            return ExitCode.Failed;
        }

        PartitionText.Write(terminal.Output, report, format);
        return ExitCode.Done;
    }
}
