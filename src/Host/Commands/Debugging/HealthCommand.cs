using System.CommandLine;
using Moldau.Host.Commands.Output;
using Moldau.Host.Serving;

namespace Moldau.Host.Commands.Debugging;

/// <summary><c>moldau health</c>: whether a broker of this machine serves, by its exit code; for containers and whoever else looks after it.</summary>
internal static class HealthCommand
{
    public static Command Create(Terminal terminal)
    {
        var http = new Option<string>("--http") { Description = "Where the broker has its HTTP, as it says at its start", HelpName = "HOST:PORT", DefaultValueFactory = static _ => HttpSurface.DefaultAddress };
        var timeout = new Option<double>("--timeout") { Description = "How long to wait for it, in seconds", HelpName = "SECONDS", DefaultValueFactory = static _ => 4 };
        var command = new Command("health", "Says whether a broker serves, and fails where it does not") { http, timeout };
        command.SetAction(parsed => RunAsync(terminal, parsed.GetValue(http)!, TimeSpan.FromSeconds(parsed.GetValue(timeout))).GetAwaiter().GetResult());
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string http, TimeSpan timeout)
    {
        var (isReady, state, _) = await HealthPage.AskAsync(http, timeout).ConfigureAwait(false);
        await (isReady ? terminal.Output : terminal.Error).WriteLineAsync(isReady ? state : $"moldau: {state}").ConfigureAwait(false);
        return isReady ? ExitCode.Done : ExitCode.Failed;
    }
}
