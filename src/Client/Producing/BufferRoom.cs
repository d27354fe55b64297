namespace Moldau.Client.Producing;

/// <summary>
/// Bytes of records that a producer may hold. Taking them costs no lock while there are some; who finds none waits in line, until a quarter is free
/// again: who went on with every byte that comes back would wait for each record anew. A record larger than all of it passes when it is alone, or
/// it could never.
/// </summary>
internal sealed class BufferRoom(long total)
{
    private readonly Lock _gate = new();
    private readonly Queue<(TaskCompletionSource Turn, int Bytes)> _line = new();
    private Exception? _end;
    private long _used;
    private int _waiting;

    /// <summary>Whether somebody waits.</summary>
    public bool IsShort => Volatile.Read(ref _waiting) > 0;

    public long Used => Volatile.Read(ref _used);

    public bool TryTake(int bytes) => Volatile.Read(ref _waiting) == 0 && TryTakeAnyway(bytes);

    /// <exception cref="KafkaException">The producer was closed meanwhile.</exception>
    public async ValueTask TakeAsync(int bytes, CancellationToken cancellation)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_end is { } end) throw end;
            _line.Enqueue((turn, bytes));
            // Counted before looking again: whoever gives back meanwhile sees it, or what was given back is seen here.
            Interlocked.Increment(ref _waiting);
            ServeLine();
        }

        using var giveUp = cancellation.UnsafeRegister(static (turn, token) => ((TaskCompletionSource)turn!).TrySetCanceled(token), turn);
        await turn.Task.ConfigureAwait(false);
    }

    public void Give(int bytes)
    {
        if (Interlocked.Add(ref _used, -bytes) <= total - (total / 4) && IsShort) Serve();
    }

    /// <summary>Gives what is free to those who wait, however little it is.</summary>
    public void Serve()
    {
        lock (_gate) ServeLine();
    }

    /// <summary>Nobody gets any more.</summary>
    public void End(Exception reason)
    {
        lock (_gate)
        {
            _end = reason;
            while (_line.TryDequeue(out var next))
            {
                Interlocked.Decrement(ref _waiting);
                next.Turn.TrySetException(reason);
            }
        }
    }

    private void ServeLine()
    {
        while (_line.TryPeek(out var next))
        {
            if (!next.Turn.Task.IsCompleted)
            {
                if (!TryTakeAnyway(next.Bytes)) return;
                // Given up in between: what was taken for it goes to the one behind.
                if (!next.Turn.TrySetResult()) Interlocked.Add(ref _used, -next.Bytes);
            }

            _line.Dequeue();
            Interlocked.Decrement(ref _waiting);
        }
    }

    private bool TryTakeAnyway(int bytes)
    {
        while (true)
        {
            var used = Volatile.Read(ref _used);
            if (used > 0 && used + bytes > total) return false;
            if (Interlocked.CompareExchange(ref _used, used + bytes, used) == used) return true;
        }
    }
}
