using Xunit;

namespace Moldau.Compatibility.Launcher;

/// <summary>What <c>./moldau</c> does before it becomes the program.</summary>
public sealed class LauncherTests
{
    [Fact]
    public async Task The_program_takes_over_the_process_with_arguments_input_and_exit_code()
    {
        using var checkout = new FakeCheckout();

        var launch = await checkout.StartAsync(checkout.Launcher, ["produce", "two words"], input: "a record\n");

        Assert.Equal($"pid {launch.ProcessId}\nargument produce\nargument two words\na record\n", launch.Output);
        Assert.Equal(3, launch.ExitCode);
        Assert.Equal("building Moldau (the first start takes about half a minute)...\n", launch.Error);
    }

    [Fact]
    public async Task A_start_without_a_change_builds_nothing_and_writes_nothing()
    {
        using var checkout = new FakeCheckout();
        await checkout.StartAsync();
        var before = Files(checkout);

        var launch = await checkout.StartAsync();

        Assert.Equal(1, checkout.Builds);
        Assert.Empty(launch.Error);
        Assert.Equal(before, Files(checkout));
    }

    [Fact]
    public async Task A_start_without_a_change_needs_no_sdk()
    {
        using var checkout = new FakeCheckout();
        await checkout.StartAsync();
        checkout.RemoveSdk();

        Assert.Equal(3, (await checkout.StartAsync()).ExitCode);
    }

    [Theory]
    [InlineData("src/Host/Program.cs")]
    [InlineData("protocol/00-Produce.def")]
    [InlineData("eng/ProtocolGenerator/Generator.cs")]
    [InlineData("Directory.Build.props")]
    [InlineData("global.json")]
    [InlineData(".editorconfig")]
    public async Task A_changed_source_is_built(string file)
    {
        using var checkout = new FakeCheckout();
        await checkout.StartAsync();

        await File.AppendAllTextAsync(checkout.PathOf(file), " ", TestContext.Current.CancellationToken);
        await checkout.StartAsync();

        Assert.Equal(2, checkout.Builds);
    }

    [Fact]
    public async Task A_deleted_source_is_noticed()
    {
        using var checkout = new FakeCheckout();
        await File.WriteAllTextAsync(checkout.PathOf("src/Host/Old.cs"), "", TestContext.Current.CancellationToken);
        await checkout.StartAsync();

        File.Delete(checkout.PathOf("src/Host/Old.cs"));
        await checkout.StartAsync();

        Assert.Equal(2, checkout.Builds);
    }

    [Fact]
    public async Task A_source_edited_while_it_was_built_is_built_again()
    {
        using var checkout = new FakeCheckout();
        checkout.HoldBuilds();
        var first = checkout.StartAsync();
        await checkout.BuildBegunAsync(TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(checkout.PathOf("src/Host/Program.cs"), "edited", TestContext.Current.CancellationToken);
        checkout.LetBuildsGo();
        await first;

        await checkout.StartAsync();

        Assert.Equal(2, checkout.Builds);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task First_starts_at_once_build_once(bool hasFlock)
    {
        using var checkout = new FakeCheckout(hasFlock);
        checkout.HoldBuilds();
        var starts = Enumerable.Range(0, 4).Select(_ => checkout.StartAsync("x")).ToList();
        await checkout.BuildBegunAsync(TestContext.Current.CancellationToken);
        checkout.LetBuildsGo();

        var launches = await Task.WhenAll(starts);

        Assert.All(launches, launch => Assert.Equal((3, $"pid {launch.ProcessId}\nargument x\n"), (launch.ExitCode, launch.Output)));
        Assert.Equal(1, checkout.Builds);
    }

    [Fact]
    public async Task A_lock_left_behind_by_a_killed_build_is_taken_over()
    {
        using var checkout = new FakeCheckout(hasFlock: false);
        var gone = await Launch.RunAsync("true", []);
        Directory.CreateDirectory(checkout.PathOf("artifacts/build.lock.d"));
        await File.WriteAllTextAsync(checkout.PathOf("artifacts/build.lock.d/owner"), $"{gone.ProcessId}\n", TestContext.Current.CancellationToken);

        Assert.Equal(3, (await checkout.StartAsync()).ExitCode);
        Assert.False(Directory.Exists(checkout.PathOf("artifacts/build.lock.d")));
    }

    [Fact]
    public async Task A_failed_build_shows_its_output_and_is_tried_again()
    {
        using var checkout = new FakeCheckout();

        var failed = await checkout.StartAsync(checkout.Launcher, [], variable: "SDK_FAILS");
        var mended = await checkout.StartAsync();

        Assert.Equal((1, ""), (failed.ExitCode, failed.Output));
        Assert.Contains("error CS1002", failed.Error, StringComparison.Ordinal);
        Assert.Equal(3, mended.ExitCode);
        Assert.Equal(2, checkout.Builds);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_fitting_sdk_it_says_what_to_install(bool isThere)
    {
        using var checkout = new FakeCheckout();
        if (!isThere) checkout.RemoveSdk();

        var launch = await checkout.StartAsync(checkout.Launcher, ["--version"], variable: "SDK_TOO_OLD");

        Assert.Equal((1, "", 0), (launch.ExitCode, launch.Output, checkout.Builds));
        foreach (var hint in new[] { "10.0.100", "apt-get install dotnet-sdk-10.0", "brew", "winget", "https://dot.net" })
        {
            Assert.Contains(hint, launch.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_link_to_it_from_elsewhere_works()
    {
        using var checkout = new FakeCheckout();
        Directory.CreateDirectory(checkout.PathOf("else where"));
        File.CreateSymbolicLink(checkout.PathOf("else where/first"), "../moldau");
        File.CreateSymbolicLink(checkout.PathOf("else where/second"), checkout.PathOf("else where/first"));

        Assert.Equal(3, (await checkout.StartAsync(checkout.PathOf("else where/second"), [])).ExitCode);
    }

    private static List<(string, DateTime)> Files(FakeCheckout checkout) =>
        [.. new DirectoryInfo(checkout.PathOf(".")).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Select(file => (file.FullName, file.LastWriteTimeUtc)).Order()];
}
