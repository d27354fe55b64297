namespace Moldau.Broker.Partitions;

/// <summary>The fetches that wait for a partition to have more. From any thread.</summary>
internal sealed class FetchWaits
{
    private readonly Lock _sync = new();
    private readonly List<FetchWait> _waits = [];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Add(FetchWait wait)
    {
        lock (_sync)
        {
            _waits.Add(wait);
            Volatile.Write(ref _count, _waits.Count);
        }
    }

    public void Remove(FetchWait wait)
    {
        lock (_sync)
        {
            // Nearly always one of the last: who came last leaves first when all are told at once.
            var place = _waits.LastIndexOf(wait);
            if (place < 0) return;
            _waits[place] = _waits[^1];
            _waits.RemoveAt(_waits.Count - 1);
            Volatile.Write(ref _count, _waits.Count);
        }
    }

    /// <summary>What consumers see has moved, or something else has changed that they wait for.</summary>
    public void WakeAll()
    {
        // An append without a waiter takes no lock. Who enters looks again after it has entered, so none is missed.
        Interlocked.MemoryBarrier();
        if (Count == 0) return;
        lock (_sync)
        {
            foreach (var wait in _waits) wait.Wake();
        }
    }
}
