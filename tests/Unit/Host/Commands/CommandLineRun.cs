using System.CommandLine;
using Moldau.Host.Commands;

namespace Moldau.Unit.Host.Commands;

/// <summary>One run of the program's command line inside the test: its exit code and what it printed where.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Error)
{
    public static CommandLineRun Of(params string[] arguments) => With(null, arguments);

    public static CommandLineRun With(Command? extra, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var runner = new CommandRunner(output, error);
        if (extra is not null) runner.Add(extra);
        var exitCode = runner.Run(arguments);
        return new CommandLineRun(exitCode, output.ToString(), error.ToString());
    }
}
