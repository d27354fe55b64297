using Moldau.Client;

namespace Moldau.Host.Commands.Output;

/// <summary>Of several things asked for together, those that did not happen: a line each on standard error.</summary>
internal static class Failures
{
    public static int Report<T>(Terminal terminal, IEnumerable<Outcome<T>> outcomes)
    {
        var exitCode = ExitCode.Done;
        foreach (var outcome in outcomes)
        {
            if (outcome.Error is not { } error) continue;
            terminal.Error.WriteLine($"moldau: {error.Message}");
            exitCode = ExitCode.Failed;
        }

        return exitCode;
    }
}
