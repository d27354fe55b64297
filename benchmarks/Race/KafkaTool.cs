using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Moldau.Bench.Race;

/// <summary>Kafka's own producer-perf-test against a contender, as people know its figures.</summary>
internal static partial class KafkaTool
{
    public static RaceSample Produce(Contender contender, long records, int size, string acks)
    {
        var start = new ProcessStartInfo(Contenders.KafkaScript!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[
            "producer-perf", "--topic", Turns.Topic, "--num-records", Text(records), "--record-size", Text(size), "--throughput", "-1",
            "--producer-props", $"bootstrap.servers=127.0.0.1:{contender.Port}", "acks=" + acks, "batch.size=65536", "linger.ms=5"]) start.ArgumentList.Add(argument);
        var before = contender.CpuSeconds;
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var line = RateLine().Matches(printed).LastOrDefault() ?? throw new InvalidOperationException("producer-perf printed no rate: " + printed);
        return new RaceSample
        {
            [Metric.RecordsPerSecond] = double.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture),
            [Metric.CpuPerMillion] = (contender.CpuSeconds - before) * 1e6 / records,
        };
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"records sent, ([\d.]+) records/sec")]
    private static partial Regex RateLine();
}
