namespace Moldau.Bench.Clients.Worker;

/// <summary>A client that calls a handler from the moment it is started: a turn is how often it did.</summary>
/// <param name="run">Hands records over until it is cancelled.</param>
/// <param name="close">What is done at the end.</param>
internal sealed class HandledLoad(Func<StripedCount, CancellationToken, Task> run, Func<ValueTask> close) : IClientLoad
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _end = new();
    private readonly StripedCount _handled = new();
    private Task? _running;

    public async Task<long> RunAsync(Deadline deadline)
    {
        if (_running is null)
        {
            _running = Task.Run(() => run(_handled, _end.Token));
            while (_handled.Sum() == 0) await PassAsync(Moment);
        }

        var before = _handled.Sum();
        await PassAsync(deadline.Length);
        return _handled.Sum() - before;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        try
        {
            if (_running is not null) await _running;
        }
        catch (OperationCanceledException)
        {
            // As it was told to.
        }

        await close();
        _end.Dispose();
    }

    // It ends only by failing.
    private async Task PassAsync(TimeSpan time)
    {
        if (await Task.WhenAny(Task.Delay(time), _running!) == _running) await _running;
    }
}
