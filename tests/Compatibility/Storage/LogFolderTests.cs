using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Records;
using Moldau.Storage.Logs;
using Xunit;

namespace Moldau.Compatibility.Storage;

/// <summary>Whole partition folders: written by one side and read by the other, and written by both and compared.</summary>
public class LogFolderTests(ITestOutputHelper output)
{
    private const int Batches = 1500;

    private static readonly long[] s_times = [.. Enumerable.Range(0, 60).Select(i => LogScript.Start + i * 1000), 0, long.MaxValue];

    [Fact]
    public async Task The_same_appends_leave_the_same_files()
    {
        KafkaJars.Require();
        using var files = new KafkaFiles();
        var ours = new LogScript(files, "ours-0", TestSeed.For(nameof(LogFolderTests))).Write(Batches);
        ours.Close();
        var theirs = Directory.CreateDirectory(files.PathOf("theirs-0")).FullName;
        await AskAsync(["write", theirs, LogScript.SegmentBytes, LogScript.Interval, "close", .. ours.Batches.Select(Convert.ToBase64String)]);

        var names = Names(ours.Folder);
        output.WriteLine($"{TestSeed.Text}: {names.Length} files, {ours.Batches.Sum(batch => batch.Length)} bytes of batches");
        Assert.True(names.Count(name => name.EndsWith(".log", StringComparison.Ordinal)) > 10);
        Assert.Contains(names, name => name.EndsWith(".txnindex", StringComparison.Ordinal));
        Assert.Equal(names, Names(theirs));
        Assert.All(names, name => Assert.True(
            File.ReadAllBytes(Path.Combine(ours.Folder, name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(theirs, name))),
            $"{TestSeed.Text}: {name} differs"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Kafka_reads_our_folder(bool isClosed)
    {
        KafkaJars.Require();
        using var files = new KafkaFiles();
        var ours = new LogScript(files, "ours-0", TestSeed.For($"{nameof(Kafka_reads_our_folder)} {isClosed}")).Write(Batches);
        var expected = LogTold.Lines(ours.Log, s_times);
        var point = ours.Log.RecoveryPoint;
        if (isClosed)
        {
            ours.Close();
            point = ours.Log.EndOffset;
        }
        else
        {
            ours.Log.Release();
        }

        var told = await AskAsync(["read", ours.Folder, isClosed ? "clean" : "unclean", point, .. s_times.Cast<object>()]);
        output.WriteLine($"{TestSeed.Text}: {told.Count} lines the same, from recovery point {point} of {ours.Log.EndOffset}");
        Assert.Equal(expected, told);
    }

    [Theory]
    [InlineData("close")]
    [InlineData("kill")]
    public async Task We_read_Kafkas_folder(string end)
    {
        KafkaJars.Require();
        using var files = new KafkaFiles();
        var ours = new LogScript(files, "ours-0", TestSeed.For($"{nameof(We_read_Kafkas_folder)} {end}")).Write(Batches);
        var expected = LogTold.Lines(ours.Log, s_times);
        var theirs = Directory.CreateDirectory(files.PathOf("theirs-0")).FullName;
        await AskAsync(["write", theirs, LogScript.SegmentBytes, LogScript.Interval, end, .. ours.Batches.Select(Convert.ToBase64String)]);

        var isClosed = end == "close";
        var log = LogScript.Load(new LogDisk(files.Disk, TimeProvider.System), theirs, isClosed ? ours.Log.EndOffset : 0, isClosed);
        Assert.Equal(expected, LogTold.Lines(log, s_times));
        output.WriteLine($"{TestSeed.Text}: {expected.Count} lines the same");
        // And it goes on.
        using var builder = new RecordBatchBuilder();
        builder.Append(LogScript.Start, default, default);
        Assert.Equal(ours.Log.EndOffset, log.Append(builder.Finish(new BatchOptions()).ToArray(), log.LowestEpoch + 100).BaseOffset);
    }

    [Fact]
    public async Task Kafkas_dump_reads_every_file_of_ours()
    {
        KafkaJars.Require();
        using var files = new KafkaFiles();
        var ours = new LogScript(files, "ours-0", TestSeed.For(nameof(Kafkas_dump_reads_every_file_of_ours))).Write(Batches);
        ours.Close();
        var names = Names(ours.Folder).Where(name => name.Contains('.', StringComparison.Ordinal)).ToArray();
        var told = await AskAsync(["dump", .. names.Select(name => Path.Combine(ours.Folder, name))]);

        Assert.DoesNotContain(told, line => line.Contains("mismatch", StringComparison.OrdinalIgnoreCase)
            || line.Contains("Found ", StringComparison.Ordinal) || line.StartsWith("Out of order", StringComparison.Ordinal)
            || line.Contains("isvalid: false", StringComparison.Ordinal) || line.StartsWith("refused", StringComparison.Ordinal)
            || line.Contains("Could not", StringComparison.OrdinalIgnoreCase) || line.Contains("corrupt", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(ours.Batches.Count, told.Count(line => line.StartsWith("baseOffset:", StringComparison.Ordinal)));
        Assert.All(names, name => Assert.Contains(told, line => line.EndsWith(name, StringComparison.Ordinal)));
        output.WriteLine($"{TestSeed.Text}: {names.Length} files, {told.Count} lines");
    }

    private static async Task<List<string>> AskAsync(IEnumerable<object> words)
    {
        var lines = await KafkaJars.RunAsync("Kafka's own log", TimeSpan.FromSeconds(180), "LogFolders", [string.Join(' ', words)]);
        Assert.Equal("end", lines[^1]);
        Assert.DoesNotContain(lines, line => line.StartsWith("refused", StringComparison.Ordinal));
        return [.. lines.Take(lines.Count - 1)];
    }

    private static string[] Names(string folder) => [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
