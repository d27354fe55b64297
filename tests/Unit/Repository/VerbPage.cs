using System.CommandLine;
using System.Text;
using Moldau.Host.Commands;

namespace Moldau.Unit.Repository;

/// <summary>The page of verbs, made from what each says of itself.</summary>
internal static class VerbPage
{
    public static string Text()
    {
        var page = new StringBuilder();
        page.AppendLine("# Verbs").AppendLine();
        page.AppendLine("<!-- Generated from the verbs' own help; a test fails when it is stale. -->").AppendLine();
        page.AppendLine("Exit codes: 0 done, 1 failed, 2 misused. Data goes to stdout, diagnostics to stderr.").AppendLine();
        Append(page, "moldau", []);
        foreach (var verb in new CommandRunner(TextWriter.Null, TextWriter.Null).Verbs) Append(page, "moldau " + verb, verb.Split(' '));
        return page.ToString();
    }

    private static void Append(StringBuilder page, string title, string[] arguments)
    {
        using var output = new StringWriter();
        new CommandRunner(output, output).Run([.. arguments, "--help"]);
        // The help names the running program, which here is the tests'.
        var lines = output.ToString().Replace(RootCommand.ExecutableName, "moldau", StringComparison.Ordinal).Split('\n').Select(static line => line.TrimEnd());
        page.AppendLine($"## {title}").AppendLine().AppendLine("```").AppendLine(string.Join('\n', lines).Trim()).AppendLine("```").AppendLine();
    }
}
