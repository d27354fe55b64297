using Xunit;

namespace Moldau.Compatibility.PowerLoss;

/// <summary>
/// The power goes under load, on the real file path: what was acknowledged is there, once, and in order. A kill alone
/// would not show a flush that is missing, since the kernel keeps its page cache; so each break skips one kind of flush
/// and must be told as a loss.
/// </summary>
public sealed class PowerLossTests(ITestOutputHelper output)
{
    private const int Partitions = 4;
    private const int Filling = 400;
    private const int MostMilliseconds = 400;
    private const int MostAttempts = 3;

    private static int Rounds => Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1" ? 50 : 4;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Nothing_acknowledged_is_lost_doubled_or_reordered_by_losses_of_power(int folders)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "calls are taken over by Linux' loader");
        output.WriteLine(TestSeed.Text);
        var chance = TestSeed.For(nameof(Nothing_acknowledged_is_lost_doubled_or_reordered_by_losses_of_power));
        using var run = await PowerLossRun.MakeAsync(folders, Partitions, Filling);
        for (var round = 0; round < Rounds; round++)
        {
            var crash = chance.Next(4) == 0 ? new NothingSurvives() : new Random(chance.Next());
            var loss = await run.LoseAsync(chance, crash, TimeSpan.FromMilliseconds(chance.Next(1, MostMilliseconds)));
            Assert.True(loss is null, $"{TestSeed.Text}, loss {round}: {loss}");
        }

        var last = await run.FindLossAsync();
        Assert.True(last is null, $"{TestSeed.Text}, the last loss: {last}");
        output.WriteLine($"{TestSeed.Text}: {run.Summary}");
    }

    [Fact]
    public Task A_build_that_does_not_flush_a_logs_data_is_found_out() => LoseUntilFoundOutAsync("fdatasync:*.log,syncfs:*");

    [Fact]
    public Task A_build_that_does_not_flush_folders_is_found_out() => LoseUntilFoundOutAsync("fsync:*,syncfs-names:*");

    [Fact]
    public async Task A_build_that_does_not_flush_its_facts_is_found_out()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "calls are taken over by Linux' loader");
        using var run = await PowerLossRun.MakeAsync(folders: 1, partitions: 1, Filling, "fdatasync:facts.journal");
        await run.LoseAfterChangeAsync(new NothingSurvives());
        var told = await run.FindLossAsync();
        Assert.NotNull(told);
        output.WriteLine(told);
    }

    /// <summary>The disk keeps nothing that was not flushed, so that the first loss tells already, where it meets one.</summary>
    private async Task LoseUntilFoundOutAsync(string skip)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "calls are taken over by Linux' loader");
        output.WriteLine(TestSeed.Text);
        var chance = TestSeed.For(skip);
        using var run = await PowerLossRun.MakeAsync(folders: 1, partitions: 1, Filling, skip);
        string? told = null;
        for (var attempt = 0; attempt < MostAttempts && told is null; attempt++)
            told = await run.LoseAsync(chance, new NothingSurvives(), TimeSpan.FromMilliseconds(200));
        told ??= await run.FindLossAsync();
        Assert.NotNull(told);
        output.WriteLine(told);
    }
}
