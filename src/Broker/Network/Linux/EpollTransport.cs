using System.Net.Sockets;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Network.Linux;

/// <summary>A socket on an <see cref="EpollLane"/>: read and written on the lane's thread, never waited for.</summary>
internal sealed class EpollTransport : Transport
{
    private const int NoPlace = -1;
    private const int SmallSlice = 16 * 1024;

    private readonly EpollLane _lane;
    private readonly Socket _socket;
    private readonly int _handle;
    private Connection? _connection;
    private int _place = NoPlace;
    private uint _events;

    public EpollTransport(EpollLane lane, Socket socket)
    {
        _lane = lane;
        _socket = socket;
        socket.Blocking = false;
        socket.NoDelay = true;
        _handle = (int)socket.SafeHandle.DangerousGetHandle();
        Remote = socket.RemoteEndPoint?.ToString() ?? "unknown";
    }

    public override string Remote { get; }

    public void Serve(Connection connection) => _connection = connection;

    public override int Receive(Span<byte> room) => NativeSocket.Receive(_handle, room);

    public override int Send(ReadOnlySpan<byte> bytes, bool more) => NativeSocket.Send(_handle, bytes, more);

    public override int Send(in LogSlice slice, int position)
    {
        var count = slice.Length - position;
        if (slice.Handle is { } file && count > SmallSlice)
            return NativeSocket.SendFile(_handle, (int)file.DangerousGetHandle(), slice.HandlePosition + position, count);
        Span<byte> bytes = stackalloc byte[SmallSlice];
        var read = slice.Read(position, bytes);
        return read == 0 ? Gone : NativeSocket.Send(_handle, bytes[..read], more: false);
    }

    public override void Want(bool reads, bool writes)
    {
        var events = (reads ? NativeSocket.Readable : 0) | (writes ? NativeSocket.Writable : 0);
        if (_place == NoPlace)
        {
            _place = _lane.Register(this, _handle, events);
        }
        else if (events != _events)
        {
            _lane.Change(_place, _handle, events);
        }

        _events = events;
    }

    public override void Close()
    {
        if (_place != NoPlace)
        {
            _lane.Forget(_place, _handle);
            _place = NoPlace;
        }

        _socket.Dispose();
    }

    internal void OnEvents(uint events)
    {
        var connection = _connection!;
        // A socket that failed or hung up says so with every event, whether it was asked for or not.
        if ((events & (NativeSocket.Failed | NativeSocket.HungUp)) != 0)
        {
            connection.OnGone();
            return;
        }

        if ((events & NativeSocket.Writable) != 0) connection.OnWritable();
        if ((events & NativeSocket.Readable) != 0 && _place != NoPlace) connection.OnReadable();
    }
}
