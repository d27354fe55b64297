using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Moldau.Compatibility.Suites;

/// <summary>
/// librdkafka's own tests, built by whoever wants them run, but for those without a broker (-L). Each of the suite's numbers
/// is a process with a deadline of its own.
/// </summary>
internal sealed partial class LibrdkafkaSuite(string tests, string kafka, string output)
{
    private const int AtOnce = 5;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, string> _outcomes = new(StringComparer.Ordinal);

    /// <summary>PASSED, FAILED or SKIPPED of each test that was run; RUNNING where its process ended before it did.</summary>
    public IReadOnlyDictionary<string, string> Outcomes => _outcomes;

    public string OutputOf(string number) => Path.Combine(output, number + ".log");

    public async Task RunAsync(string address, string scenario, IEnumerable<string> numbers, CancellationToken cancellation)
    {
        var settings = Path.Combine(output, scenario + ".conf");
        await File.WriteAllTextAsync(settings, $"metadata.broker.list={address}\nbroker.address.family=v4\ntest.timeout.multiplier=3\n", cancellation);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(numbers, options, async (number, stop) => await RunAsync(number, address, scenario, settings, stop));
    }

    private async Task RunAsync(string number, string address, string scenario, string settings, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Path.Combine(tests, "test-runner"), ["-p1", "-L"])
        {
            WorkingDirectory = tests,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["TESTS"] = number,
                ["TEST_SCENARIO"] = scenario,
                ["TEST_KAFKA_VERSION"] = "4.3.1",
                ["RDKAFKA_TEST_CONF"] = settings,
                ["BROKERS"] = address,
                ["KAFKA_PATH"] = kafka,
                ["LD_LIBRARY_PATH"] = Path.Combine(tests, "..", "src") + Path.PathSeparator + Path.Combine(tests, "..", "src-cpp"),
            },
        };
        // It makes the tests' own waits longer, and so the run.
        start.Environment.Remove("CI");
        using var process = Process.Start(start) ?? throw new InvalidOperationException("could not start " + start.FileName);
        void Kill(object? sender, EventArgs e) => process.Kill(entireProcessTree: true);
        AppDomain.CurrentDomain.ProcessExit += Kill;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Deadline);
        var log = TextWriter.Synchronized(File.AppendText(OutputOf(number)));
        try
        {
            var reading = Task.WhenAll(ReadAsync(process.StandardOutput, log, patience.Token), ReadAsync(process.StandardError, log, patience.Token));
            await reading;
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            await log.WriteLineAsync($"not done after {Deadline.TotalSeconds} s");
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= Kill;
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await log.DisposeAsync();
        }
    }

    private async Task ReadAsync(StreamReader from, TextWriter log, CancellationToken cancellation)
    {
        while (await from.ReadLineAsync(cancellation) is { } line)
        {
            await log.WriteLineAsync(line);
            if (Began().Match(line) is { Success: true } began) _outcomes[began.Groups[1].Value] = "RUNNING";
            if (Ended().Match(line) is { Success: true } ended) _outcomes[ended.Groups[1].Value] = ended.Groups[2].Value;
        }
    }

    [GeneratedRegex(@"=== Running test (\w+) ===")]
    private static partial Regex Began();

    [GeneratedRegex(@"=== Test (\w+) (PASSED|FAILED|SKIPPED) ===")]
    private static partial Regex Ended();
}
