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

    public void Run(PartitionWork work)
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
        GoOn(ForOthers);
    }

    /// <summary>Runs an action as the writer; the task ends with it.</summary>
    public Task RunAsync(Action action)
    {
        var work = new ActionWork(action);
        Run(work);
        return work.Ended;
    }

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
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
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
