namespace Moldau.Storage.Facts;

/// <summary>
/// What waits for the writer, in order. The writer runs only while there is something; what arrives while it flushes is
/// its next round.
/// <para>A lock, held only to add and to take: facts change a few times a second, not a million.</para>
/// </summary>
internal sealed class WorkQueue(Action<Action> run, Action<List<WorkItem>> write)
{
    /// <summary>Of one flush: with transactions of the greatest size still a frame that memory bears.</summary>
    private const int RoundLimit = 64;

    private readonly Lock _sync = new();
    private List<WorkItem> _waiting = [];
    private bool _isRunning;
    private bool _isClosed;

    public Task<FactOutcome> Add(WorkItem item)
    {
        lock (_sync)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(FactStore));
            _isClosed = item.IsClose;
            _waiting.Add(item);
            if (_isRunning) return item.Completion;
            _isRunning = true;
        }

        run(Drain);
        return item.Completion;
    }

    private void Drain()
    {
        while (true)
        {
            List<WorkItem> round;
            lock (_sync)
            {
                if (_waiting.Count == 0)
                {
                    _isRunning = false;
                    return;
                }

                round = _waiting;
                _waiting = [];
                if (round.Count > RoundLimit)
                {
                    _waiting = round.GetRange(RoundLimit, round.Count - RoundLimit);
                    round.RemoveRange(RoundLimit, _waiting.Count);
                }
            }

            write(round);
        }
    }
}
