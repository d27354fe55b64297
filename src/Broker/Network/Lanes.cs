using Moldau.Broker.Network.Linux;

namespace Moldau.Broker.Network;

/// <summary>The lanes of a broker, made when the first connection comes; connections take turns among them.</summary>
internal sealed class Lanes(int count, bool isNative, ChunkPool chunks) : IDisposable
{
    private readonly Lock _sync = new();
    private readonly Lane?[] _lanes = new Lane?[count];
    private int _next;
    private bool _isClosed;

    public Lane Next()
    {
        lock (_sync)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            var place = _next;
            _next = (_next + 1) % _lanes.Length;
            return _lanes[place] ??= isNative && NativeSocket.IsSupported ? new EpollLane(chunks, $"network {place}") : new PoolLane(chunks);
        }
    }

    public void Dispose()
    {
        lock (_sync) _isClosed = true;
        foreach (var lane in _lanes) (lane as IDisposable)?.Dispose();
    }
}
