using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Moldau.Broker.Network;
using Moldau.Broker.Network.Linux;

namespace Moldau.Bench.Load;

/// <summary>Thousands of connections in the hands of one thread: it looks at those that have a reply, and waits for none.</summary>
internal sealed class Crowd : IDisposable
{
    private const int RoomBytes = 4 << 20;
    private const int MostEvents = 1024;
    private const int HeadBytes = 2 * sizeof(int);

    private readonly int _port;
    private readonly Socket?[] _sockets;
    private readonly byte[]?[] _begun;
    private readonly int _waiter = NativeSocket.CreateWaiter();
    private readonly byte[] _events = new byte[MostEvents * NativeSocket.EventSize];
    private readonly byte[] _room = GC.AllocateUninitializedArray<byte>(RoomBytes, pinned: true);

    public Crowd(int port, int count)
    {
        (_port, _sockets, _begun) = (port, new Socket[count], new byte[]?[count]);
        Connect();
    }

    /// <param name="place">Whose.</param>
    /// <param name="reply">Behind its correlation id; valid during the call.</param>
    public delegate void ReplyTaken(int place, ReadOnlySpan<byte> reply);

    public void Connect()
    {
        for (var place = 0; place < _sockets.Length; place++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendTimeout = 60_000 };
            (_sockets[place], _begun[place]) = (socket, null);
            socket.Connect(IPAddress.Loopback, _port);
            NativeSocket.Add(_waiter, (int)socket.Handle, NativeSocket.Readable, (ulong)place);
        }
    }

    /// <summary>All go, until they connect again: two crowds at once are more files than a process may have open.</summary>
    public void Disconnect()
    {
        foreach (var socket in _sockets) socket?.Dispose();
    }

    public void Send(int place, ReadOnlySpan<byte> frame)
    {
        while (frame.Length > 0) frame = frame[_sockets[place]!.Send(frame)..];
    }

    /// <summary>Waits so long for the first reply, and gives all that are there.</summary>
    public void Take(int milliseconds, ReplyTaken taken)
    {
        var count = NativeSocket.Wait(_waiter, _events, milliseconds);
        for (var i = 0; i < count; i++) Receive((int)NativeSocket.EventAt(_events, i).Data, taken);
    }

    public void Dispose()
    {
        NativeSocket.Close(_waiter);
        Disconnect();
    }

    private void Receive(int place, ReplyTaken taken)
    {
        var kept = 0;
        if (_begun[place] is { } begun)
        {
            begun.CopyTo(_room.AsSpan());
            kept = begun.Length;
            _begun[place] = null;
        }

        var received = NativeSocket.Receive((int)_sockets[place]!.Handle, _room.AsSpan(kept));
        if (received == Transport.Gone) throw new IOException("the broker closed a connection");
        var bytes = _room.AsSpan(0, kept + Math.Max(0, received));
        while (bytes.Length >= sizeof(int) && BinaryPrimitives.ReadInt32BigEndian(bytes) + sizeof(int) is var length && bytes.Length >= length)
        {
            taken(place, bytes[HeadBytes..length]);
            bytes = bytes[length..];
        }

        if (bytes.Length == RoomBytes) throw new InvalidOperationException($"a reply of more than {RoomBytes} bytes");
        if (!bytes.IsEmpty) _begun[place] = bytes.ToArray();
    }
}
