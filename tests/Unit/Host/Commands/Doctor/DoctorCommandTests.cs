using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Host.Commands;
using Moldau.Host.Commands.Output;
using Moldau.Host.Serving;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Host.Commands.Doctor;

public sealed class DoctorCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-doctor-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_running_broker_is_asked_and_told_of_in_rows()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var http = await HttpSurface.TryStartAsync("127.0.0.1:0", broker.Server, NullLogger.Instance);

        var run = await RunAsync("--no-machine", "--watch", "0", "--http", http.Address!, "--server", $"127.0.0.1:{broker.Address.Port}", "--format", "json");

        var rows = JsonDocument.Parse(run.Output).RootElement.EnumerateArray().ToDictionary(static row => row.GetProperty("code").GetString()!, static row => row.GetProperty("severity").GetString());
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("ok", rows["server.reachable"]);
        Assert.Equal("ok", rows["server.ready"]);
        Assert.Equal("ok", rows["partitions.offline"]);
        Assert.Equal("warn", rows["config.auto-create"]);
        Assert.DoesNotContain("files.limit", rows.Keys);
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_is_a_failure()
    {
        int port;
        await using (var broker = await TestBroker.StartAsync()) port = broker.Address.Port;
        var run = await RunAsync("--no-machine", "--server", $"127.0.0.1:{port}", "--timeout", "2");
        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"^fail  server.reachable  127\.0\.0\.1:\d+: .*\n +should be: .*\n +to mend: .*\n0 ok, 0 to look at, 1 failed\r?\n$", run.Output);
    }

    [Fact]
    public async Task The_folder_and_the_listeners_of_a_start_are_looked_at_and_left_as_they_are()
    {
        var run = await RunAsync("--data", _folder, "--set", "listeners=PLAINTEXT://:0", "--set", "advertised.listeners=PLAINTEXT://localhost:9092", "--set", "moldau.allow.anonymous=true", "--format", "yaml");
        Assert.Contains("- code: \"folder.access\"\n  severity: \"ok\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("- code: \"folder.flush\"\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("- code: \"listener.public\"\n  severity: \"warn\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("- code: \"listener.advertised\"\n  severity: \"warn\"", run.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Settings_that_a_start_would_refuse_are_a_failure()
    {
        var run = await RunAsync("--set", "num.partition=3");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("num.partitions", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_another_node_is_a_failure()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "meta.properties"), "version=1\ncluster.id=abc\nnode.id=7\n", TestContext.Current.CancellationToken);
        var run = await RunAsync("--data", _folder);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{_folder} is node 7's, and node.id is 1", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_look_at_is_misuse() =>
        Assert.Equal((2, "moldau: --no-machine leaves nothing to look at: name a broker with --server"), ((await RunAsync("--no-machine")).ExitCode, (await RunAsync("--no-machine")).Error.Trim()));

    [Fact]
    public async Task Health_says_ready_and_fails_where_nobody_answers()
    {
        string address;
        await using (var broker = await TestBroker.StartAsync())
        {
            await using var http = await HttpSurface.TryStartAsync("127.0.0.1:0", broker.Server, NullLogger.Instance);
            address = http.Address!;
            var ready = await StartAsync("health", "--http", address);
            Assert.Equal((0, "ready"), (ready.ExitCode, ready.Output.Trim()));
        }

        var silent = await StartAsync("health", "--http", address);
        Assert.Equal(1, silent.ExitCode);
        Assert.Contains($"nobody answers HTTP on {address}", silent.Error, StringComparison.Ordinal);
    }

    private static Task<CommandLineRun> RunAsync(params string[] arguments) => StartAsync(["doctor", .. arguments]);

    /// <summary>Verbs run to their end on the thread that starts them.</summary>
    private static Task<CommandLineRun> StartAsync(params string[] arguments) => Task.Run(() =>
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exitCode = new CommandRunner(new Terminal { Output = output, Error = error }).Run(arguments);
        return new CommandLineRun(exitCode, output.ToString(), error.ToString());
    });
}
