using Moldau.Bench.Harness;

namespace Moldau.Bench.Rows.Logs;

/// <summary>What the disk answers to questions that the log's design asks: docs/internals/log.md says what came of them.</summary>
internal static class DiskRows
{
    private const int Append = 1024;
    private const int Ahead = 16 * 1024 * 1024;

    public static IEnumerable<Row> All() => Preparations().Concat(Together());

    /// <summary>Whether an append is flushed faster where the file was made ready for it.</summary>
    private static IEnumerable<Row> Preparations()
    {
        foreach (var (name, prepare) in ((string, Action<BareFile>)[])[("room reserved", static file => file.Reserve(Ahead)), ("zeros written", static file => file.WriteAhead(Ahead))])
        {
            using var folder = new BenchFolder();
            var ours = new Lazy<BareFile>(() => new BareFile(folder["ours"]));
            var peer = new Lazy<BareFile>(() => new BareFile(folder["peer"]));
            yield return new Row(
                $"flush an append, {name} ahead",
                Unit.MicrosecondsPerOperation,
                Flushed(ours, prepare),
                Flushed(peer, static _ => { }),
                Goal.None) { Note = "1 KiB, fdatasync, beside an append to the end of a file", Pace = Pace.Disk };
            if (ours.IsValueCreated) ours.Value.Dispose();
            if (peer.IsValueCreated) peer.Value.Dispose();
        }
    }

    /// <summary>From how many dirty files on a flush of the whole disk is faster.</summary>
    private static IEnumerable<Row> Together()
    {
        if (!OperatingSystem.IsLinux()) yield break;
        foreach (var count in (int[])[1, 2, 3, 16])
        {
            using var folder = new BenchFolder();
            var files = new Lazy<BareFile[]>(() => [.. Enumerable.Range(0, count).Select(i => new BareFile(folder[$"file-{i}"]))]);
            var bytes = new byte[Append];
            yield return new Row(
                $"flush {count} files with their disk",
                Unit.MicrosecondsPerOperation,
                new Subject(times =>
                {
                    for (; times > 0; times--)
                    {
                        foreach (var file in files.Value) file.Append(bytes);
                        files.Value[0].FlushDisk();
                    }
                }),
                new Subject(times =>
                {
                    for (; times > 0; times--)
                    {
                        foreach (var file in files.Value) file.Append(bytes);
                        foreach (var file in files.Value) file.Flush();
                    }
                }),
                new Goal(TimesPeer: count > LogCommitRows.FewFiles ? 1 : null)) { Note = "1 KiB in each, syncfs, beside fdatasync of each", Pace = Pace.Disk };
            if (!files.IsValueCreated) continue;
            foreach (var file in files.Value) file.Dispose();
        }
    }

    private static Subject Flushed(Lazy<BareFile> file, Action<BareFile> prepare)
    {
        var bytes = new byte[Append];
        return new Subject(times =>
        {
            for (; times > 0; times--)
            {
                file.Value.Append(bytes);
                file.Value.Flush();
            }
        })
        {
            Prepare = () =>
            {
                file.Value.Empty();
                prepare(file.Value);
                file.Value.Flush();
            },
        };
    }
}
