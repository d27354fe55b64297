using System.Diagnostics;
using System.Globalization;
using System.Text;
using Moldau.Compatibility.Records;
using Moldau.Shared;

namespace Moldau.Compatibility.Wire;

/// <summary>
/// librdkafka's own broker, and its producers and consumers, in a child process that is told what to do line by line.
/// It ends when its input ends, so it cannot outlive this run; every answer has a deadline.
/// </summary>
internal sealed class MockCluster : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private MockCluster(Process process)
    {
        _process = process;
        AppDomain.CurrentDomain.ProcessExit += Kill;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_log) _log.AppendLine(line.Data);
        };
        process.BeginErrorReadLine();
    }

    public string Host { get; private set; } = "";

    public int Port { get; private set; }

    /// <summary>librdkafka's.</summary>
    public string Version { get; private set; } = "";

    public static async Task<MockCluster> StartAsync(string which)
    {
        var start = new ProcessStartInfo(await Librdkafka.PythonAsync(which), [RepositoryPaths.LibrdkafkaDriver])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var cluster = new MockCluster(Process.Start(start) ?? throw new InvalidOperationException("could not start " + start.FileName));
        try
        {
            var ready = (await cluster.AnswerAsync("the mock cluster to start", "ready")).Split(' ');
            var address = ready[0].Split(':');
            (cluster.Host, cluster.Port, cluster.Version) = (address[0], int.Parse(address[1], CultureInfo.InvariantCulture), ready[1]);
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Has librdkafka produce the records to partition 0 of the topic.</summary>
    public async Task ProduceAsync(CodecLevel codec, string topic, IEnumerable<SampleRecord> records)
    {
        await TellAsync($"produce {codec.Name} {codec.Level?.ToString(CultureInfo.InvariantCulture) ?? "-"} {topic} {string.Join(' ', records.Select(BatchLines.Of))}");
        await AnswerAsync($"librdkafka to produce with {codec}", "done");
    }

    /// <summary>What a consumer of librdkafka finds in partition 0 of the topic.</summary>
    public async Task<string[]> ConsumeAsync(string topic, int count)
    {
        await TellAsync($"consume {topic} {count}");
        return (await AnswerAsync($"librdkafka to consume {count} records", "records")).Split(' ');
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        Kill(null, EventArgs.Empty);
        _process.Dispose();
    }

    private async Task TellAsync(string line)
    {
        using var patience = new CancellationTokenSource(Deadline);
        // Not WriteLine: its line ending is the platform's.
        await _process.StandardInput.WriteAsync((line + "\n").AsMemory(), patience.Token);
        await _process.StandardInput.FlushAsync(patience.Token);
    }

    private async Task<string> AnswerAsync(string purpose, string expected)
    {
        using var patience = new CancellationTokenSource(Deadline);
        try
        {
            var answer = await _process.StandardOutput.ReadLineAsync(patience.Token);
            if (answer is not null && answer.StartsWith(expected, StringComparison.Ordinal)) return answer[expected.Length..].TrimStart(' ');
            throw new InvalidOperationException($"{purpose}: {answer ?? "the process ended"}\n{Log}");
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"waited {Deadline.TotalSeconds} s for {purpose}\n{Log}");
        }
    }

    private string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    private void Kill(object? sender, EventArgs e)
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
    }
}
