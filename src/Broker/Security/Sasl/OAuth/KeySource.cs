using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Security.Sasl.OAuth;

/// <summary>
/// The keys of one place, kept for a while. They are read again when they are old, and when a token names a key that is not
/// among them, since keys change; but not more often than the longest backoff lets it, however many tokens name keys that
/// there are not. Whoever comes while they are being read waits for the same answer.
/// </summary>
internal sealed class KeySource(KeySourceSettings settings, Func<Uri, Task<byte[]>> read, TimeProvider clock)
{
    private readonly Lock _sync = new();
    private WebKeys? _keys;
    private Task? _reading;
    private long _readAt;
    private long _triedAt;
    private bool _hasTried;
    private int _failures;
    private string _problem = "they were never read";

    /// <summary>Reads so far, well or not.</summary>
    public int Reads { get; private set; }

    /// <exception cref="TokenException">They cannot be had.</exception>
    public async Task<WebKeys> ForAsync(string? keyId)
    {
        var (keys, reading) = Look(keyId);
        // What is only old does until the new ones are there.
        if (reading is not null && (keys is null || !keys.Has(keyId))) await reading.ConfigureAwait(false);
        lock (_sync) return _keys ?? throw new TokenException($"the keys at {settings.Where} cannot be had: {_problem}");
    }

    private (WebKeys? Keys, Task? Reading) Look(string? keyId)
    {
        lock (_sync)
        {
            if (_reading is null && IsDue(keyId)) _reading = Task.Run(ReadAsync);
            return (_keys, _reading);
        }
    }

    private bool IsDue(string? keyId)
    {
        if (_failures > 0 && Since(_triedAt) < Backoff()) return false;
        if (_keys is null || Since(_readAt) >= settings.RefreshMilliseconds) return true;
        return !_keys.Has(keyId) && (!_hasTried || Since(_triedAt) >= settings.MostBackoffMilliseconds);
    }

    private long Backoff() => Math.Min(settings.MostBackoffMilliseconds, settings.BackoffMilliseconds << Math.Min(_failures - 1, 20));

    private async Task ReadAsync()
    {
        WebKeys? keys = null;
        var problem = "";
        try
        {
            keys = WebKeys.Read(await read(settings.Where).ConfigureAwait(false));
        }
        catch (TokenException failure)
        {
            problem = failure.Message;
        }
        finally
        {
            lock (_sync)
            {
                Reads++;
                _hasTried = true;
                _triedAt = clock.GetTimestamp();
                _reading = null;
                _failures = keys is null ? _failures + 1 : 0;
                _problem = problem;
                if (keys is not null) (_keys, _readAt) = (keys, _triedAt);
            }
        }
    }

    private double Since(long timestamp) => clock.GetElapsedTime(timestamp).TotalMilliseconds;
}
