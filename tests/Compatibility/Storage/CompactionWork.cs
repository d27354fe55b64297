using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Moldau.Storage.Compaction;
using Xunit;

namespace Moldau.Compatibility.Storage;

/// <summary>What <see cref="CompactionCrashTests"/> runs in a process of its own, which does not end in order.</summary>
public class CompactionWork
{
    public const string Acknowledged = "acknowledged";
    public const string Data = "data";
    public const string Order = "order";

    private readonly BlockingCollection<(Action Action, TaskCompletionSource Done)> _turns = [];

    /// <summary>
    /// One thread appends, ticks and gives its turns to another that compacts whatever is due; behind one of the turns a
    /// third kills them. How far
    /// the log is durable, and how many passes came to their end, stands in a file.
    /// </summary>
    [Fact(Explicit = true)]
    public void Compacts_until_it_is_killed()
    {
        var order = File.ReadAllText(In(Order)).Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        var (keys, records, lastTurn, milliseconds) = (order[0], order[1], order[2], order[3]);
        using var folder = new KeyedFolder(In(Data), keys);
        using var acknowledged = File.OpenHandle(In(Acknowledged), FileMode.OpenOrCreate, FileAccess.ReadWrite);
        var (passes, turns) = (0L, 0);
        var stop = TestContext.Current.CancellationToken;
        var cleaning = Task.Run(() => CompactAsync(folder, () => Interlocked.Increment(ref passes)), stop);

        var last = folder.Log.EndOffset + records;
        var ticked = Stopwatch.GetTimestamp();
        Span<byte> numbers = stackalloc byte[2 * sizeof(long)];
        while (!cleaning.IsCompleted)
        {
            // Slowly, once there is enough: so that there is something to compact for as long as this lives.
            while (_turns.TryTake(out var turn, folder.Log.EndOffset < last ? 0 : 2, stop))
            {
                if (++turns == lastTurn) KillIn(milliseconds);
                Run(turn.Action, turn.Done);
            }

            folder.Append();
            BinaryPrimitives.WriteInt64LittleEndian(numbers, folder.Log.DurableOffset);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[sizeof(long)..], Interlocked.Read(ref passes));
            RandomAccess.Write(acknowledged, numbers, 0);
            if (Stopwatch.GetElapsedTime(ticked) < TimeSpan.FromMilliseconds(40)) continue;
            ticked = Stopwatch.GetTimestamp();
            folder.Tick();
        }

        throw new InvalidOperationException("compaction has ended", cleaning.Exception);
    }

    private async Task CompactAsync(KeyedFolder folder, Action compacted)
    {
        var options = folder.CleanerOptions(parts: 5);
        var queue = new CleanerQueue(options, TimeProvider.System);
        var cleaner = new LogCleaner(options, new Throttle(TimeProvider.System), new Random(7));
        queue.Add(new CompactedLog(folder.Log, () => folder.Log.DurableOffset, action =>
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _turns.Add((action, done));
            return done.Task;
        }));
        while (true)
        {
            var result = await queue.RunNextAsync(cleaner, CancellationToken.None);
            if (result is null) await Task.Delay(1);
            else if (result.Outcome == CleaningOutcome.Compacted) compacted();
            else if (result.Outcome is CleaningOutcome.Damaged or CleaningOutcome.DiskFailed) throw new InvalidOperationException(result.Cause?.ToString());
        }
    }

    /// <summary>From another thread, so that it comes in the middle of whatever the others do.</summary>
    private static void KillIn(int milliseconds) => new Thread(() =>
    {
        Thread.Sleep(milliseconds);
        Process.GetCurrentProcess().Kill();
    }) { IsBackground = true }.Start();

    private static void Run(Action action, TaskCompletionSource done)
    {
        try
        {
            action();
            done.SetResult();
        }
        catch (Exception fault)
        {
            done.SetException(fault);
        }
    }

    private static string In(string name) => Path.Combine(DiskChild.Folder, name);
}
