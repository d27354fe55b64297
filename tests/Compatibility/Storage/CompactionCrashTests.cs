using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Moldau.Storage.Compaction;
using Moldau.Storage.Recovery;
using Xunit;

namespace Moldau.Compatibility.Storage;

/// <summary>A compacted log on a real file system, whose process is killed while it appends and compacts.</summary>
public sealed class CompactionCrashTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-compaction-").FullName;

    // A pass takes some twenty turns of the writer: mostly it is killed in the middle of the second or third.
    private const int MostTurns = 60;

    private static (int Keys, int Kills, int Records, int Milliseconds) Plan => Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1"
        ? (1_000_000, 60, 100_000, 200)
        : (20_000, 4, 20_000, 10);

    [Fact]
    public async Task Of_each_key_the_latest_is_there_after_every_kill()
    {
        var random = TestSeed.For(nameof(Of_each_key_the_latest_is_there_after_every_kill));
        var (keys, kills, records, milliseconds) = Plan;
        var (passes, finished, end) = (0L, 0, 0L);
        for (var kill = 0; kill < kills; kill++)
        {
            // The first ones write every key once.
            var more = end < keys ? Math.Max(records, 2 * keys / kills * 5) : records;
            string[] order = [$"{keys}", $"{more}", $"{(kill == 0 ? MostTurns : random.Next(1, MostTurns))}", $"{random.Next(milliseconds)}"];
            await File.WriteAllTextAsync(Path.Combine(_folder, CompactionWork.Order), string.Join(' ', order), TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(_folder, CompactionWork.Acknowledged), new byte[16], TestContext.Current.CancellationToken);
            var killed = await Assert.ThrowsAsync<InvalidOperationException>(() => DiskChild.RunAsync(nameof(CompactionWork.Compacts_until_it_is_killed), _folder, typeof(CompactionWork)));
            Assert.True(killed.Message.Contains("ended with 137", StringComparison.Ordinal), $"{TestSeed.Text}: {killed.Message}");

            var numbers = await File.ReadAllBytesAsync(Path.Combine(_folder, CompactionWork.Acknowledged), TestContext.Current.CancellationToken);
            passes += BinaryPrimitives.ReadInt64LittleEndian(numbers.AsSpan(sizeof(long)));
            using var folder = new KeyedFolder(Path.Combine(_folder, CompactionWork.Data), keys);
            finished += folder.Notes.Count(note => note.Row is RecoveryRow.F2 or RecoveryRow.F3);
            folder.Check(Math.Max(end, BinaryPrimitives.ReadInt64LittleEndian(numbers)));
            end = folder.Log.EndOffset;
        }

        Assert.True(passes > 0, $"{TestSeed.Text}: no pass came to its end");
        var rest = await CompactToTheEndAsync(keys);
        output.WriteLine($"{TestSeed.Text}: {kills} kills, {end} records of {keys} keys written, {passes} passes and {finished} unfinished files found at starts; {rest}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> CompactToTheEndAsync(int keys)
    {
        using var folder = new KeyedFolder(Path.Combine(_folder, CompactionWork.Data), keys);
        folder.Log.Roll();
        Assert.True(SpinWait.SpinUntil(() => folder.Log.RecoveryPoint == folder.Log.EndOffset, TimeSpan.FromSeconds(60)), "the recovery point does not follow");
        var cleaner = new LogCleaner(folder.CleanerOptions(parts: 1), new Throttle(TimeProvider.System), new Random(3));
        var target = new CompactedLog(folder.Log, () => folder.Log.EndOffset, action =>
        {
            action();
            return Task.CompletedTask;
        });
        var (started, passes, before) = (Stopwatch.GetTimestamp(), 0, folder.Log.Size);
        while (await cleaner.RunAsync(target, TestContext.Current.CancellationToken) is { Outcome: not CleaningOutcome.NothingToDo } result)
        {
            Assert.True(result.Outcome == CleaningOutcome.Compacted, result.Cause?.ToString());
            passes++;
        }

        var left = folder.Check(folder.Log.EndOffset);
        Assert.Equal(folder.Log.EndOffset, folder.Log.CompactedUpTo);
        // Every key was written, and nothing is left but its latest.
        if (folder.Log.EndOffset >= keys) Assert.Equal(keys, left);
        return string.Create(CultureInfo.InvariantCulture, $"{passes} more in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s left {left} records, {folder.Log.Size} of {before} bytes");
    }
}
