namespace Moldau.Unit.Coordination.Transactions.Simulation;

/// <summary>One thread, one clock, one source of chance: a seed gives the same run again.</summary>
internal sealed class SimulatedTime(int seed)
{
    private readonly PriorityQueue<Action, (long Due, long Order)> _events = new();
    private long _order;

    public Random Chance { get; } = new(seed);

    public long Now { get; private set; } = 1_000_000;

    /// <summary>Whether messages get lost, repeated and late, and things crash.</summary>
    public bool HasFaults { get; set; } = true;

    public void After(long milliseconds, Action action) => _events.Enqueue(action, (Now + milliseconds, _order++));

    public void RunUntil(long end)
    {
        while (_events.TryPeek(out var action, out var when) && when.Due <= end)
        {
            _events.Dequeue();
            Now = when.Due;
            action();
        }

        Now = end;
    }

    public Task DelayAsync(long milliseconds)
    {
        var ended = new TaskCompletionSource();
        After(milliseconds, ended.SetResult);
        return ended.Task;
    }

    /// <summary>A message: perhaps late, perhaps never, perhaps twice.</summary>
    /// <param name="deliver">What it does there.</param>
    /// <param name="isInOrder">Whether it comes soon and once, if it comes.</param>
    public void Send(Action deliver, bool isInOrder = false)
    {
        var fate = HasFaults ? Chance.Next(100) : 100;
        if (fate < 6) return;
        if (isInOrder) fate = 100;
        if (fate < 14) After(Chance.Next(1, 9000), deliver);
        After(fate is >= 14 and < 20 ? Chance.Next(1000, 9000) : Chance.Next(1, 15), deliver);
    }

    public bool Happens(int percent) => HasFaults && Chance.Next(100) < percent;

    /// <summary>Asks and waits for an answer, which may stay out.</summary>
    public async Task<T?> AskAsync<T>(Action<Action<T>> ask, bool isInOrder = false)
        where T : struct
    {
        var answer = new TaskCompletionSource<T?>();
        Send(() => ask(given => Send(() => answer.TrySetResult(given))), isInOrder);
        After(3000, () => answer.TrySetResult(null));
        return await answer.Task.ConfigureAwait(false);
    }
}
