using Moldau.Broker.Partitions;
using Xunit;

namespace Moldau.Unit.Broker.Partitions;

public class PartitionQueueTests
{
    [Fact]
    public void Work_of_an_idle_partition_runs_at_once_on_the_callers_thread()
    {
        var queue = new PartitionQueue();
        var thread = 0;
        queue.Run(new Work(() => thread = Environment.CurrentManagedThreadId));
        Assert.Equal(Environment.CurrentManagedThreadId, thread);
    }

    [Fact]
    public void What_work_asks_for_runs_behind_it_and_not_inside()
    {
        var queue = new PartitionQueue();
        var order = new List<string>();
        queue.Run(new Work(() =>
        {
            queue.Run(new Work(() => order.Add("inner")));
            order.Add("outer");
        }));
        Assert.Equal(["outer", "inner"], order);
    }

    /// <summary>One who flushes for a whole disk has no time for it.</summary>
    [Fact]
    public void Who_works_alone_leaves_what_came_meanwhile_to_others()
    {
        var queue = new PartitionQueue();
        using var left = new ManualResetEventSlim();
        var thread = 0;
        var own = queue.RunAsync(() => queue.Run(new Work(() =>
        {
            thread = Environment.CurrentManagedThreadId;
            left.Set();
        })), isAlone: true);
        Assert.True(own.IsCompletedSuccessfully);
        // This thread waits, and so the work cannot fall to it afterwards.
        Assert.True(left.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.NotEqual(Environment.CurrentManagedThreadId, thread);
    }

    [Fact]
    public async Task Who_takes_the_turn_is_the_writer_until_he_gives_it_back()
    {
        var queue = new PartitionQueue();
        await queue.TakeTurnAsync();
        var ran = false;
        var behind = queue.RunAsync(() => ran = true);
        var next = queue.TakeTurnAsync();
        Assert.False(ran);
        queue.GiveTurnBack();
        await behind.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await next.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.True(ran);
        queue.GiveTurnBack();
        await queue.RunAsync(static () => { }).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Many_threads_are_one_writer_and_each_threads_work_keeps_its_order()
    {
        const int Threads = 4;
        const int Each = 20_000;
        var queue = new PartitionQueue();
        var inside = 0;
        var last = new int[Threads];
        var faults = 0;
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 1; i <= Each; i++)
            {
                var number = i;
                queue.Run(new Work(() =>
                {
                    if (Interlocked.Increment(ref inside) != 1 || last[thread] != number - 1) faults++;
                    last[thread] = number;
                    Interlocked.Decrement(ref inside);
                }));
            }
        })));
        await queue.RunAsync(() => { });
        Assert.Equal(0, faults);
        Assert.All(last, number => Assert.Equal(Each, number));
    }

    [Fact]
    public async Task A_fault_of_an_action_is_its_callers_and_the_queue_goes_on()
    {
        var queue = new PartitionQueue();
        await Assert.ThrowsAsync<InvalidOperationException>(() => queue.RunAsync(() => throw new InvalidOperationException("no")));
        await queue.RunAsync(() => { });
    }

    private sealed class Work(Action action) : PartitionWork
    {
        public override void RunAsWriter() => action();
    }
}
