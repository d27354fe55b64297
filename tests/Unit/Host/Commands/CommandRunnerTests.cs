using System.CommandLine;
using Xunit;

namespace Moldau.Unit.Host.Commands;

public class CommandRunnerTests
{
    [Theory]
    [InlineData("unknown verb 'ap'; did you mean 'api'?", "ap")]
    [InlineData("unknown verb 'zzzzzz'; 'moldau --help' lists what there is", "zzzzzz")]
    [InlineData("unknown option '--versoin'; did you mean '--version'?", "--versoin")]
    [InlineData("unknown option '--formt'; did you mean '--format'?", "api", "--formt", "json")]
    [InlineData("unknown option '--verbse'; did you mean '--verbose'?", "api", "--verbse")]
    [InlineData("unknown argument 'x'; 'moldau api --help' lists what there is", "api", "x")]
    [InlineData("--format takes text or json, not 'yaml'", "api", "--format", "yaml")]
    [InlineData("no verb given; 'moldau --help' lists them")]
    public void A_misused_command_line_is_told_what_was_meant(string told, params string[] arguments)
    {
        var run = CommandLineRun.Of(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal($"moldau: {told}", run.Error.TrimEnd());
        Assert.Empty(run.Output);
    }

    [Fact]
    public void The_version_goes_to_standard_output()
    {
        var run = CommandLineRun.Of("--version");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^moldau \d+\.\d+\.\d+ \(.*\.NET 10\.0\.\d+\)\s*$", run.Output);
        Assert.Empty(run.Error);
    }

    [Fact]
    public void The_help_names_every_verb()
    {
        var run = CommandLineRun.Of("--help");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("  api ", run.Output, StringComparison.Ordinal);
        Assert.Contains("  error ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_is_one_line_without_a_stack_trace()
    {
        var run = CommandLineRun.With(Failing(), "fail");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("moldau: the disk is full", run.Error.TrimEnd());
    }

    [Fact]
    public void A_failure_shows_where_it_came_from_when_asked_verbosely()
    {
        var run = CommandLineRun.With(Failing(), "fail", "--verbose");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(nameof(Failing), run.Error, StringComparison.Ordinal);
    }

    private static Command Failing()
    {
        var command = new Command("fail");
        command.SetAction(int (_) => throw new IOException("the disk is full"));
        return command;
    }
}
