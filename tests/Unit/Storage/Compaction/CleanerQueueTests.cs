using Moldau.Storage.Compaction;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Logs;
using Moldau.Unit.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Compaction;

public class CleanerQueueTests
{
    private readonly ManualClock _clock = new();
    private readonly List<CompactedTestLog> _logs = [];
    private readonly CleanerQueue _queue;
    private readonly LogCleaner _cleaner;

    public CleanerQueueTests()
    {
        var options = new CleanerOptions { DedupeBufferBytes = 1 << 16, BackoffMilliseconds = 500 };
        _queue = new CleanerQueue(options, _clock);
        _cleaner = new LogCleaner(options, new Throttle(_clock), new Random(5));
    }

    [Fact]
    public void Nothing_is_due_where_nothing_is_dirty_enough()
    {
        Assert.Null(Next());
        var log = Add(CompactedTestLog.Small);
        Assert.Null(Next());
        Fill(log, 60);
        Assert.Equal(CleaningOutcome.Compacted, Next()?.Outcome);
        Assert.Null(Next());
        // Less than half of it.
        Fill(log, 2);
        Assert.Null(Next());
        Fill(log, 60);
        Assert.Equal(CleaningOutcome.Compacted, Next()?.Outcome);
    }

    [Fact]
    public void The_dirtiest_comes_first()
    {
        var (all, most, none) = (Add(CompactedTestLog.Small), Add(CompactedTestLog.Small), Add(CompactedTestLog.Small with { Compacts = false }));
        foreach (var log in (CompactedTestLog[])[all, most, none]) Fill(log, 60, keys: 60);
        // All of one is dirty, and most of the other.
        most.Clean();
        Fill(most, 200);
        Fill(all, 200);

        Assert.Equal(all.Log.EndOffset, Next()?.CompactedUpTo);
        Assert.Equal(most.Log.EndOffset, Next()?.CompactedUpTo);
        Assert.Null(Next());
        Assert.Equal(0, none.Log.CompactedUpTo);
    }

    [Fact]
    public void What_has_waited_longer_than_it_may_comes_before_what_is_dirtier()
    {
        var settings = CompactedTestLog.Small with { Compaction = new CompactionSettings { MaxLag = 1000, MinDirtyRatio = 0.9 } };
        var (waiting, dirty) = (Add(settings), Add(CompactedTestLog.Small));
        Fill(waiting, 60);
        waiting.Clean();
        AppendNow(waiting, 2);
        Fill(dirty, 60);
        Pass(1000);
        Assert.True(dirty.Log.EndOffset == Next()?.CompactedUpTo);
        Assert.Null(Next());

        Fill(dirty, 200);
        Pass(1);
        Assert.Equal(waiting.Log.EndOffset, Next()?.CompactedUpTo);
        Assert.Equal(dirty.Log.EndOffset, Next()?.CompactedUpTo);
    }

    [Fact]
    public void What_is_younger_than_it_must_be_stays_as_it_is()
    {
        var log = Add(CompactedTestLog.Small with { Compaction = new CompactionSettings { MinLag = 1000 } });
        Fill(log, 60);
        var old = log.Log.EndOffset;
        AppendNow(log, 60);

        Assert.Equal(old, Next()?.CompactedUpTo);
        Assert.Null(Next());
        Pass(1001);
        Assert.Equal(log.Log.EndOffset, Next()?.CompactedUpTo);
    }

    [Fact]
    public void A_log_that_the_disk_refused_rests_and_others_do_not()
    {
        var memory = new MemoryFileSystem();
        var (refused, other) = (Add(CompactedTestLog.Small, memory), Add(CompactedTestLog.Small));
        Fill(refused, 60);
        memory.Fault = static (operation, path) => path.EndsWith(".cleaned", StringComparison.Ordinal) ? DiskFault.Full : null;
        Assert.Equal(CleaningOutcome.DiskFailed, Next()?.Outcome);
        Fill(other, 60);
        Assert.Equal(other.Log.EndOffset, Next()?.CompactedUpTo);
        memory.Fault = null;
        Assert.Null(Next());
        Pass(499);
        Assert.Null(Next());
        Pass(1);
        Assert.Equal(refused.Log.EndOffset, Next()?.CompactedUpTo);
    }

    [Fact]
    public void A_damaged_log_is_named_and_not_tried_again()
    {
        var log = Add(CompactedTestLog.Small);
        Fill(log, 60);
        using (var file = log.Test.Files.Open(log.Log.Segments.First.File.Path, OpenMode.Existing)) file.Write(file.Length / 2, [0xAA, 0xBB]);

        Assert.Equal(CleaningOutcome.Damaged, Next()?.Outcome);

        var named = Assert.Single(_queue.Uncleanable);
        Assert.Same(log.Target, named.Log);
        Assert.Contains(log.Log.Segments.First.File.Path, named.Cause.Message, StringComparison.Ordinal);
        Pass(1_000_000);
        Assert.Null(Next());
    }

    [Fact]
    public void A_log_that_is_paused_is_let_alone_until_everybody_has_resumed()
    {
        var log = Add(CompactedTestLog.Small);
        Fill(log, 60);
        Done(_queue.PauseAsync(log.Target));
        Done(_queue.PauseAsync(log.Target));
        Assert.Null(Next());
        _queue.Resume(log.Target);
        Assert.Null(Next());
        _queue.Resume(log.Target);
        Assert.Equal(CleaningOutcome.Compacted, Next()?.Outcome);
    }

    [Fact]
    public async Task A_pause_calls_off_the_pass_that_runs_and_ends_when_that_has()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var log = new CompactedTestLog();
        Fill(log, 60);
        var turns = 0;
        var target = new CompactedLog(log.Log, () => log.Log.EndOffset, async action =>
        {
            if (++turns == 3)
            {
                reached.SetResult();
                await go.Task;
            }

            action();
        });
        _queue.Add(target);
        var pass = _queue.RunNextAsync(_cleaner, TestContext.Current.CancellationToken);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        // Given to one at a time.
        Assert.Null(await _queue.RunNextAsync(_cleaner, TestContext.Current.CancellationToken));

        var pause = _queue.PauseAsync(target);
        Assert.False(pause.IsCompleted);
        go.SetResult();
        await pause.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(CleaningOutcome.Interrupted, (await pass)?.Outcome);
        Assert.Empty(log.Unfinished());
        _queue.Resume(target);
        Pass(500);
        Assert.Equal(CleaningOutcome.Compacted, (await _queue.RunNextAsync(_cleaner, TestContext.Current.CancellationToken))?.Outcome);
    }

    [Fact]
    public void A_log_that_is_removed_is_forgotten()
    {
        var log = Add(CompactedTestLog.Small);
        Fill(log, 60);
        Done(_queue.RemoveAsync(log.Target));
        Assert.Null(Next());
        _queue.Add(log.Target);
        Assert.Equal(CleaningOutcome.Compacted, Next()?.Outcome);
    }

    [Fact]
    public void A_log_that_has_failed_is_passed_over()
    {
        var log = Add(CompactedTestLog.Small);
        Fill(log, 60);
        log.Log.Release();
        Assert.Null(Next());
    }

    private CompactedTestLog Add(LogSettings settings, IFileSystem? files = null)
    {
        var log = new CompactedTestLog(settings, files);
        log.Test.Clock.Milliseconds = _clock.Milliseconds;
        _queue.Add(log.Target);
        _logs.Add(log);
        return log;
    }

    private void Pass(long milliseconds)
    {
        _clock.Milliseconds += milliseconds;
        foreach (var log in _logs) log.Test.Clock.Milliseconds = _clock.Milliseconds;
    }

    /// <summary>Records whose timestamps are their offsets: old ones, by any clock.</summary>
    private static void Fill(CompactedTestLog log, int count, int keys = 3)
    {
        for (var i = 0; i < count; i++) log.Append($"k{i % keys}=value-{i}");
        log.Settle();
    }

    private static void AppendNow(CompactedTestLog log, int count)
    {
        for (var i = 0; i < count; i++) Assert.Equal(AppendOutcome.Appended, log.Log.Append(SampleBatch.Data(log.Log.EndOffset, $"now{i % 3}=value", timestamp: log.Test.Clock.Milliseconds), log.Test.Epoch).Outcome);
        log.Settle();
    }

    private CleaningResult? Next()
    {
        var pass = _queue.RunNextAsync(_cleaner, TestContext.Current.CancellationToken);
        Assert.True(pass.IsCompleted, "a pass that waits");
        return pass.GetAwaiter().GetResult();
    }

    private static void Done(Task task)
    {
        Assert.True(task.IsCompletedSuccessfully);
    }
}
