namespace Moldau.Client.Producing;

/// <summary>
/// Tells all who wait for the records of a batch what came of it, one behind the other, which costs far less than a work item of the pool for each.
/// Whoever is told goes on at once, and may block until one behind him is told: so before anybody is, the same work stands in the pool's line once
/// more, and any thread that is free takes a part of it.
/// </summary>
internal sealed class AckRelease(AckSource first, TopicPartition where, long baseOffset, KafkaException? error) : IThreadPoolWorkItem
{
    // Then others in the pool have their turn.
    private const int MostInARow = 128;

    private readonly Lock _gate = new();
    private AckSource? _next = first;

    public void Start() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    public void Execute()
    {
        var waiter = Take(out var isLast);
        if (!isLast) Start();
        for (var told = 0; waiter is not null; waiter = Take(out _))
        {
            Tell(waiter);
            if (++told == MostInARow) return;
        }
    }

    private AckSource? Take(out bool isLast)
    {
        lock (_gate)
        {
            var taken = _next;
            // Once it is told, a source may be in use again, with another neighbour.
            _next = taken?.Next;
            isLast = _next is null;
            return taken;
        }
    }

    private void Tell(AckSource waiter)
    {
        if (error is null) waiter.Succeed(new RecordAck(where, baseOffset < 0 ? -1 : baseOffset + waiter.Index));
        else waiter.Fail(error);
    }
}
