namespace Moldau.Broker.Partitions;

/// <summary>
/// A partition's writers, one after the other and in the order in which they came. Where nobody is at work the caller does
/// its own at once, on its own thread; where somebody is, the work is left to him. No thread, lock or timer belongs to an
/// idle partition.
/// </summary>
internal sealed class PartitionQueue : IThreadPoolWorkItem
{
    // A caller has work of its own: what piles up meanwhile is the thread pool's.
    private const int ForOthers = 16;

    private readonly Lock _sync = new();
    private PartitionWork? _first;
    private PartitionWork? _last;
    private bool _isBusy;

    public void Run(PartitionWork work) => Run(work, ForOthers);

    private void Run(PartitionWork work, int forOthers)
    {
        lock (_sync)
        {
            if (_isBusy)
            {
                if (_last is null) _first = work;
                else _last.NextWork = work;
                _last = work;
                return;
            }

            _isBusy = true;
        }

        work.RunAsWriter();
        if (!work.KeepsTurn) GoOn(forOthers);
    }

    /// <summary>Runs an action as the writer; the task ends with it.</summary>
    public Task RunAsync(Action action) => RunAsync(action, isAlone: false);

    /// <param name="action">What it does.</param>
    /// <param name="isAlone">The caller has no time for what others leave to him.</param>
    public Task RunAsync(Action action, bool isAlone)
    {
        var work = new ActionWork(action);
        Run(work, isAlone ? 0 : ForOthers);
        return work.Ended;
    }

    /// <summary>
    /// The caller is the writer from the task's end until <see cref="GiveTurnBack"/>, on a thread of its own: what waits for a
    /// disk must not fall to one that serves connections.
    /// </summary>
    public Task TakeTurnAsync()
    {
        var work = new Turn();
        Run(work);
        return work.Taken;
    }

    public void GiveTurnBack() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    public void Execute() => GoOn(int.MaxValue);

    private void GoOn(int most)
    {
        for (var i = 0; ; i++)
        {
            PartitionWork work;
            lock (_sync)
            {
                if (_first is null)
                {
                    _isBusy = false;
                    return;
                }

                if (i == most) break;
                work = _first;
                _first = work.NextWork;
                if (_first is null) _last = null;
                work.NextWork = null;
            }

            work.RunAsWriter();
            if (work.KeepsTurn) return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private sealed class Turn : PartitionWork
    {
        private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Taken => _taken.Task;

        public override bool KeepsTurn => true;

        public override void RunAsWriter() => _taken.SetResult();
    }

    private sealed class ActionWork(Action action) : PartitionWork
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        public override void RunAsWriter()
        {
            try
            {
                action();
                _ended.SetResult();
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                _ended.SetException(fault);
            }
        }
    }
}
