using System.Diagnostics;
using Moldau.Bench.Harness;

namespace Moldau.Bench.Rows.Logs;

/// <summary>Appends that wait for the disk, beside the same waiting without a log.</summary>
internal static class LogCommitRows
{
    /// <summary>As many dirty files as are flushed one by one, by the log and beside it.</summary>
    public const int FewFiles = 2;

    public static IEnumerable<Row> All()
    {
        var batch = SampleBatch.OfOneRecord(1024);
        foreach (var row in LoneWaiter(batch)) yield return row;
        foreach (var (waiters, logs) in ((int, int)[])[(1, 1), (16, 1), (256, 1), (16, 16), (256, 16), (256, 200)])
        {
            using var folder = new BenchFolder();
            var ours = new Lazy<CommitLoop>(() => new LogCommits(folder, waiters, logs, batch));
            var bare = new Lazy<CommitLoop>(() => new BareCommits(folder, waiters, logs, batch, FewFiles));
            yield return new Row(
                $"commit, {waiters} waiting for {(logs == 1 ? "one log" : $"{logs} logs")}",
                Unit.ThousandsPerSecond,
                new Subject(times => ours.Value.Run(times)) { Prepare = () => ours.Value.Prepare() },
                new Subject(times => bare.Value.Run(times)) { Prepare = () => bare.Value.Prepare() },
                new Goal(TimesPeer: 0.7)) { Note = "1 KiB batches, fsync", Pace = Pace.Disk };
            if (ours.IsValueCreated) ours.Value.Dispose();
            if (bare.IsValueCreated) bare.Value.Dispose();
        }
    }

    private static IEnumerable<Row> LoneWaiter(byte[] batch)
    {
        using var folder = new BenchFolder();
        var ours = new Lazy<CommitLoop>(() => new LogCommits(folder, waiters: 1, logs: 1, batch));
        var bare = new Lazy<BareFile>(() => new BareFile(folder["bare"]));
        var ticks = new List<long>();
        yield return new Row(
            "commit, median of a lone waiter",
            Unit.MicrosecondsPerOperation,
            new Subject(times => ours.Value.Run(times)) { Prepare = () => ours.Value.Prepare(), Reported = () => ours.Value.Median() },
            new Subject(times => FlushOneByOne(bare.Value, batch, ticks, times)) { Reported = () => CommitLoop.MedianOf(ticks) },
            new Goal(TimesPeer: 1.5)) { Note = "1 KiB batches, beside one fdatasync", Pace = Pace.Disk };
        if (ours.IsValueCreated) ours.Value.Dispose();
        if (bare.IsValueCreated) bare.Value.Dispose();
    }

    private static void FlushOneByOne(BareFile file, byte[] batch, List<long> ticks, int times)
    {
        ticks.Clear();
        for (; times > 0; times--)
        {
            file.Append(batch);
            var before = Stopwatch.GetTimestamp();
            file.Flush();
            ticks.Add(Stopwatch.GetTimestamp() - before);
        }
    }
}
