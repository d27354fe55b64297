namespace Moldau.Storage.Logs;

/// <summary>Runs a flusher's rounds on a thread of its own, because an fsync blocks whoever asks for it.</summary>
public sealed class FlusherThread : IDisposable
{
    private readonly Flusher _flusher;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Thread _thread;
    private volatile bool _stops;

    public FlusherThread(Flusher flusher, string name)
    {
        ArgumentNullException.ThrowIfNull(flusher);
        _flusher = flusher;
        flusher.Wake = () => _wake.Release();
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Ends what is queued, then the thread.</summary>
    public void Dispose()
    {
        if (_stops) return;
        _stops = true;
        _wake.Release();
        _thread.Join();
        _flusher.Wake = null;
        _wake.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            while (_flusher.RunRound())
            {
            }

            if (_stops) return;
            _wake.Wait();
        }
    }
}
