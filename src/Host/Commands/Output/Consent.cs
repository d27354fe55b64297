using System.CommandLine;

namespace Moldau.Host.Commands.Output;

/// <summary>Plan, then apply: what deletes is printed first, and done with <c>--yes</c> or when the person who watches says so.</summary>
internal static class Consent
{
    public static Option<bool> Option() => new("--yes", "-y") { Description = "Do it without asking; else a person is asked, and where none watches only the plan is printed" };

    /// <returns>Whether to go on.</returns>
    public static bool Get(Terminal terminal, bool isGiven, string question)
    {
        if (isGiven) return true;
        if (terminal.Ask?.Invoke($"{question} [y/N] ") is { } answer)
        {
            if (answer.Trim() is "y" or "Y" or "yes") return true;
            terminal.Error.WriteLine("moldau: nothing was done");
            return false;
        }

        terminal.Error.WriteLine("moldau: this is the plan, and nothing was done; --yes does it");
        return false;
    }
}
