namespace Moldau.Unit.Broker.Metadata.Simulation;

/// <summary>
/// Runs many callers on one thread, in an order that a seed decides: each waits for its turn before and after whatever it
/// asks of the store.
/// </summary>
internal sealed class Turns(Random chance)
{
    private readonly List<(TaskCompletionSource Turn, Func<bool>? IsReady)> _waiting = [];

    public Task NextAsync(Func<bool>? isReady = null)
    {
        // Its continuation runs inside Step, on the one thread there is.
        var turn = new TaskCompletionSource();
        _waiting.Add((turn, isReady));
        return turn.Task;
    }

    /// <returns>False where nobody can go on.</returns>
    public bool Step()
    {
        var ready = new List<int>();
        for (var i = 0; i < _waiting.Count; i++)
        {
            if (_waiting[i].IsReady?.Invoke() != false) ready.Add(i);
        }

        if (ready.Count == 0) return false;
        var chosen = ready[chance.Next(ready.Count)];
        var turn = _waiting[chosen].Turn;
        _waiting.RemoveAt(chosen);
        turn.SetResult();
        return true;
    }
}
