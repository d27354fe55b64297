namespace Moldau.Client.Connections;

/// <summary>
/// Bytes that may be in use at once. Who finds none waits in line; one that is larger than all of it passes when nobody
/// else holds any, or it could never.
/// </summary>
internal sealed class ByteBudget(long total)
{
    private readonly Lock _gate = new();
    private readonly Queue<(TaskCompletionSource Turn, int Bytes)> _line = new();
    private long _used;

    public long Used
    {
        get
        {
            lock (_gate) return _used;
        }
    }

    public async ValueTask AcquireAsync(int bytes, CancellationToken cancellation)
    {
        TaskCompletionSource turn;
        lock (_gate)
        {
            if (_line.Count == 0 && Fits(bytes))
            {
                _used += bytes;
                return;
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _line.Enqueue((turn, bytes));
        }

        using var giveUp = cancellation.UnsafeRegister(static (turn, token) => ((TaskCompletionSource)turn!).TrySetCanceled(token), turn);
        await turn.Task.ConfigureAwait(false);
    }

    public void Release(int bytes)
    {
        lock (_gate)
        {
            _used -= bytes;
            while (_line.TryPeek(out var next) && (next.Turn.Task.IsCompleted || Fits(next.Bytes)))
            {
                _line.Dequeue();
                if (next.Turn.TrySetResult()) _used += next.Bytes;
            }
        }
    }

    private bool Fits(int bytes) => _used == 0 || _used + bytes <= total;
}
