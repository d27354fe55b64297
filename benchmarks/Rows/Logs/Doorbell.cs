namespace Moldau.Bench.Rows.Logs;

/// <summary>Wakes one thread; rung twice before it looks, it wakes once. The same for both sides of a row.</summary>
internal sealed class Doorbell : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0);
    private int _isRung;

    public void Ring()
    {
        if (Interlocked.Exchange(ref _isRung, 1) == 0) _rung.Release();
    }

    public void Wait()
    {
        _rung.Wait();
        Volatile.Write(ref _isRung, 0);
    }

    public void Dispose() => _rung.Dispose();
}
