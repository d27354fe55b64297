namespace Moldau.Broker.Network;

/// <summary>Bounds how many lines of one kind come into the log, and counts those that did not.</summary>
internal sealed class LinePace(TimeProvider clock, int most, TimeSpan span)
{
    private readonly Lock _sync = new();
    private long _since = clock.GetTimestamp();
    private int _written;
    private long _left;

    /// <returns>How many lines were left out since the last one, or -1 where this one is to be left out, too.</returns>
    public long Take()
    {
        lock (_sync)
        {
            if (clock.GetElapsedTime(_since) >= span)
            {
                _since = clock.GetTimestamp();
                _written = 0;
            }

            if (_written >= most)
            {
                _left++;
                return -1;
            }

            _written++;
            var left = _left;
            _left = 0;
            return left;
        }
    }
}
