using Moldau.TestRunner;
using Xunit;

namespace Moldau.Compatibility.Launcher;

/// <summary>What the test runner does with a suite that hangs, on a pretended test program.</summary>
public sealed class SuiteRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("moldau suite ");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_suite_past_its_deadline_is_killed_with_its_children_and_names_the_test_it_was_in()
    {
        var result = Assert.Single(await RunAsync(TimeSpan.FromSeconds(1), """
            echo '{"$type":"test-starting","TestUniqueID":"1","TestDisplayName":"A.Hanging.Test"}'
            sleep 600 &
            echo $! >child
            wait
            """));

        Assert.Equal(Outcome.Failed, result.Outcome);
        Assert.Contains("killed at its deadline", result.Details, StringComparison.Ordinal);
        Assert.Contains("A.Hanging.Test", result.Details, StringComparison.Ordinal);
        await Launch.RunAsync("sh", ["-c", "while kill -0 $(cat child) 2>/dev/null; do sleep 0.02; done"], folder: _folder.FullName);
    }

    [Fact]
    public async Task A_process_that_a_test_left_behind_does_not_hold_the_run_up()
    {
        var run = RunAsync(TimeSpan.FromMinutes(5), """
            while [ -d "$PWD" ] && [ ! -e enough ]; do sleep 0.1; done &
            echo '{"$type":"test-assembly-finished"}'
            """);

        Assert.Empty(await run.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "enough"), "", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_suite_that_was_not_built_is_a_failure()
    {
        var suite = new Suite("Missing", Path.Combine(_folder.FullName, "missing"), [], new Dictionary<string, string>(), TimeSpan.FromMinutes(1));

        Assert.Contains("not built", Assert.Single(await new SuiteRun(suite, TextWriter.Null).RunAsync(CancellationToken.None)).Details, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<FinishedTest>> RunAsync(TimeSpan deadline, string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the pretended test program is a script, which Windows does not start");
        var program = Path.Combine(_folder.FullName, "suite");
        await File.WriteAllTextAsync(program, $"#!/usr/bin/env bash\ncd \"$(dirname \"$0\")\"\n{script}\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return await new SuiteRun(new Suite("Pretended", program, [], new Dictionary<string, string>(), deadline), TextWriter.Null).RunAsync(CancellationToken.None);
    }
}
