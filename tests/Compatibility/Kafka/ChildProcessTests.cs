using Xunit;

namespace Moldau.Compatibility.Kafka;

public class ChildProcessTests
{
    [Fact]
    public async Task A_program_past_its_deadline_is_killed_and_the_wait_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no 'sleep' here");

        var late = await Assert.ThrowsAsync<TimeoutException>(
            () => ChildProcess.RunAsync("a sleeper", TimeSpan.FromSeconds(0.2), "sleep", ["60"]));

        Assert.Equal("waited 0.2 s for: a sleeper", late.Message);
    }

    [Fact]
    public async Task A_failed_program_says_what_it_was_for_and_what_it_complained_of()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no 'sleep' here");

        var failed = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ChildProcess.RunAsync("a nap", TimeSpan.FromSeconds(10), "sleep", ["soundly"]));

        Assert.Contains("a nap: sleep ended with 1", failed.Message, StringComparison.Ordinal);
        Assert.Contains("soundly", failed.Message, StringComparison.Ordinal);
    }
}
