using System.Buffers;
using System.Net.Sockets;

namespace Moldau.Broker.Network.Tls;

/// <summary>
/// The socket under a TLS stream. During the handshake it gives the place at the gate back while it waits for bytes, and
/// ends what does not begin as TLS does; behind it, what is written gathers until it is flushed, since TLS comes in pieces
/// of 16 KiB and each would be a call into the system.
/// </summary>
internal sealed class TlsLine(Socket socket, HandshakeGate gate) : Stream
{
    private const byte HandshakeRecord = 0x16;
    private const int GatherBytes = 128 * 1024;

    private bool _isShakingHands;
    private bool _hasPlace;
    private bool _hasBegun;
    private byte[]? _gathered;
    private int _count;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void BeginHandshake() => _isShakingHands = true;

    /// <summary>Gives a place back that is still held.</summary>
    public void EndHandshake()
    {
        _isShakingHands = false;
        Leave();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_isShakingHands) return await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
        Leave();
        var count = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (!_hasBegun && count > 0)
        {
            _hasBegun = true;
            if (buffer.Span[0] != HandshakeRecord) throw new NotTlsException(buffer.Span[0]);
        }

        if (count == 0 && buffer.Length > 0) return 0;
        await gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        _hasPlace = true;
        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isShakingHands) return SendAsync(buffer, cancellationToken);
        if (_count + buffer.Length > GatherBytes) return GatherAsync(buffer, cancellationToken);
        _gathered ??= ArrayPool<byte>.Shared.Rent(GatherBytes);
        buffer.Span.CopyTo(_gathered.AsSpan(_count));
        _count += buffer.Length;
        return ValueTask.CompletedTask;
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_gathered is not { } gathered) return;
        var count = _count;
        // Nobody else's before it has left: a send that is called off may still read from it.
        await SendAsync(gathered.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        _count = 0;
        _gathered = null;
        ArrayPool<byte>.Shared.Return(gathered);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("what would wait here would hold up a lane");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("what would wait here would hold up a lane");

    public override void Flush()
    {
        // There is no waiting here; what is gathered leaves with FlushAsync.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) socket.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask GatherAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellation)
    {
        await FlushAsync(cancellation).ConfigureAwait(false);
        if (buffer.Length >= GatherBytes) await SendAsync(buffer, cancellation).ConfigureAwait(false);
        else await WriteAsync(buffer, cancellation).ConfigureAwait(false);
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes, cancellation).ConfigureAwait(false)..];
    }

    private void Leave()
    {
        if (!_hasPlace) return;
        _hasPlace = false;
        gate.Leave();
    }
}
