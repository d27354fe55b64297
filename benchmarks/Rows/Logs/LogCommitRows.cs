using System.Diagnostics;
using Moldau.Bench.Harness;
using Moldau.Storage.Logs;

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
            var ours = new Lazy<CommitLoop>(() => new LogCommits(folder, waiters, logs, batch, LogSettings.Default));
            var bare = new Lazy<CommitLoop>(() => new BareCommits(folder, waiters, logs, batch, FewFiles));
            yield return Of(Name(waiters, logs), ours, bare, new Goal(TimesPeer: 0.7), "1 KiB batches, fsync");
            if (ours.IsValueCreated) ours.Value.Dispose();
            if (bare.IsValueCreated) bare.Value.Dispose();
        }

        foreach (var (waiters, logs) in ((int, int)[])[(1, 1), (256, 1), (256, 200)])
        {
            using var folder = new BenchFolder();
            var ours = new Lazy<CommitLoop>(() => new LogCommits(folder, waiters, logs, batch, LogSettings.Default with { Durability = LogDurability.PageCache }));
            var bare = new Lazy<CommitLoop>(() => new BareWrites(folder, waiters, logs, batch));
            yield return Of($"{Name(waiters, logs)}, page cache", ours, bare, new Goal(TimesPeer: 0.6), "1 KiB batches, moldau.durability=page-cache, beside pwrite");
            if (ours.IsValueCreated) ours.Value.Dispose();
            if (bare.IsValueCreated) bare.Value.Dispose();
        }
    }

    private static string Name(int waiters, int logs) => $"commit, {waiters} waiting for {(logs == 1 ? "one log" : $"{logs} logs")}";

    private static Row Of(string name, Lazy<CommitLoop> ours, Lazy<CommitLoop> bare, Goal goal, string note) => new(
        name,
        Unit.ThousandsPerSecond,
        new Subject(times => ours.Value.Run(times)) { Prepare = () => ours.Value.Prepare() },
        new Subject(times => bare.Value.Run(times)) { Prepare = () => bare.Value.Prepare() },
        goal) { Note = note, Pace = Pace.Disk };

    private static IEnumerable<Row> LoneWaiter(byte[] batch)
    {
        using var folder = new BenchFolder();
        var ours = new Lazy<CommitLoop>(() => new LogCommits(folder, waiters: 1, logs: 1, batch, LogSettings.Default));
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
