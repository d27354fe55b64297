using Moldau.Broker.Diagnostics.Counting;
using Moldau.Broker.Network.Linux;

namespace Moldau.Broker.Network;

/// <summary>The lanes of a broker, made when the first connection comes; connections take turns among them.</summary>
internal sealed class Lanes(int count, bool isNative, ChunkPool chunks, Func<LaneFigures> figures) : IDisposable
{
    private readonly Lock _sync = new();
    private readonly Lane?[] _lanes = new Lane?[count];
    private int _next;
    private bool _isClosed;

    /// <summary>Those that are in use.</summary>
    public IReadOnlyList<Lane> Used
    {
        get
        {
            lock (_sync) return [.. _lanes.OfType<Lane>()];
        }
    }

    public Lane Next()
    {
        lock (_sync)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            var place = _next;
            _next = (_next + 1) % _lanes.Length;
            return _lanes[place] ??= isNative && NativeSocket.IsSupported ? new EpollLane(chunks, figures(), $"network {place}") : new PoolLane(chunks, figures());
        }
    }

    public void Dispose()
    {
        lock (_sync) _isClosed = true;
        foreach (var lane in _lanes) (lane as IDisposable)?.Dispose();
    }
}
