using System.Net.Sockets;
using Moldau.Broker.Timing;

namespace Moldau.Broker.Network;

/// <summary>
/// Connections that are not served, kept open for a while before they are closed: whoever is refused at once only comes
/// again at once. A bounded number; beyond it they are closed right away.
/// </summary>
internal sealed class HeldSockets(Delays delays) : IDisposable
{
    public const int Most = 1_000;

    private readonly Lock _sync = new();
    private readonly HashSet<Held> _held = [];
    private bool _isClosed;

    public int Count
    {
        get
        {
            lock (_sync) return _held.Count;
        }
    }

    public void Hold(Socket socket, int milliseconds)
    {
        var held = new Held(this, socket);
        lock (_sync)
        {
            if (_isClosed || _held.Count >= Most)
            {
                socket.Dispose();
                return;
            }

            _held.Add(held);
        }

        delays.Schedule(held, milliseconds);
    }

    public void Dispose()
    {
        Held[] left;
        lock (_sync)
        {
            _isClosed = true;
            left = [.. _held];
            _held.Clear();
        }

        foreach (var held in left)
        {
            delays.Cancel(held);
            held.Close();
        }
    }

    private sealed class Held(HeldSockets owner, Socket socket) : Delay
    {
        public override void Elapsed()
        {
            lock (owner._sync) owner._held.Remove(this);
            Close();
        }

        public void Close() => socket.Dispose();
    }
}
