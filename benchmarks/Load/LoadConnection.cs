using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Moldau.Bench.Load;

/// <summary>One connection, used by one thread that blocks: the cheapest client there is, so that what is measured is the broker.</summary>
internal sealed class LoadConnection : IDisposable
{
    private const int LengthSize = sizeof(int);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 60_000, SendTimeout = 60_000 };
    private readonly SslStream? _tls;
    private byte[] _reply;
    private int _start;
    private int _end;

    public LoadConnection(int port, int replyBytes = 64 << 10, bool speaksTls = false)
    {
        _reply = GC.AllocateUninitializedArray<byte>(replyBytes, pinned: true);
        _socket.Connect(IPAddress.Loopback, port);
        if (!speaksTls)
        {
            Logins.Enter(this, port);
            return;
        }

        _tls = new SslStream(new NetworkStream(_socket, ownsSocket: true));
        try
        {
            _tls.AuthenticateAsClient(Handshake);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whole ones, with whoever is there: what is measured is the other side.</summary>
    private static SslClientAuthenticationOptions Handshake => new()
    {
        TargetHost = "localhost",
        EnabledSslProtocols = SslProtocols.Tls13,
        AllowTlsResume = false,
        RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
    };

    public void Send(ReadOnlySpan<byte> frame)
    {
        if (_tls is not null) _tls.Write(frame);
        else while (frame.Length > 0) frame = frame[_socket.Send(frame)..];
    }

    /// <summary>In one call of the system, as long as it takes all of it.</summary>
    public void Send(List<ArraySegment<byte>> parts)
    {
        if (_tls is not null)
        {
            foreach (var part in parts) _tls.Write(part);
            return;
        }

        var sent = _socket.Send(parts);
        foreach (var part in parts)
        {
            if (sent < part.Count) Send(part.AsSpan(sent));
            sent = Math.Max(0, sent - part.Count);
        }
    }

    /// <summary>The next reply behind its correlation id; valid until the next call.</summary>
    public ReadOnlySpan<byte> Receive()
    {
        Fill(LengthSize);
        var length = BinaryPrimitives.ReadInt32BigEndian(_reply.AsSpan(_start));
        Fill(LengthSize + length);
        var reply = _reply.AsSpan(_start + LengthSize, length);
        _start += LengthSize + length;
        return reply[sizeof(int)..];
    }

    /// <summary>So many bytes, whatever they mean.</summary>
    public void Receive(int count)
    {
        Fill(count);
        _start += count;
    }

    public void Dispose()
    {
        _tls?.Dispose();
        _socket.Dispose();
    }

    private void Fill(int wanted)
    {
        if (_end - _start >= wanted) return;
        if (_start + wanted > _reply.Length)
        {
            var room = wanted > _reply.Length ? GC.AllocateUninitializedArray<byte>(wanted * 2, pinned: true) : _reply;
            _reply.AsSpan(_start, _end - _start).CopyTo(room);
            (_reply, _end, _start) = (room, _end - _start, 0);
        }

        while (_end - _start < wanted)
        {
            // Into the whole room: what follows comes along, and a call is saved.
            if (_start == _end) _start = _end = 0;
            var received = _tls is null ? _socket.Receive(_reply, _end, _reply.Length - _end, SocketFlags.None) : _tls.Read(_reply, _end, _reply.Length - _end);
            if (received == 0) throw new IOException("the broker closed the connection");
            _end += received;
        }
    }
}
