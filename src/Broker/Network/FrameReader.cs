using System.Buffers.Binary;

namespace Moldau.Broker.Network;

/// <summary>
/// Cuts what a connection receives into frames. A frame that came whole is handed out where it lies; only one that came in
/// pieces is ever copied, and only as much room is taken as has come in, not as its length says.
/// </summary>
internal sealed class FrameReader(int maxFrameBytes)
{
    private const int LengthBytes = sizeof(int);

    // A connection that has sent next to nothing keeps next to nothing.
    private const int FewBytes = 1024;
    private const int SmallRoom = 4 * 1024;
    private const int LargeRoom = 256 * 1024;

    /// <summary>What a handshake of TLS begins with.</summary>
    private const int TlsBegins = 0x1603;

    private Chunk? _chunk;
    private volatile int _maxFrameBytes = maxFrameBytes;
    private int _start;
    private int _end;

    /// <summary>Whether a frame has begun, and not ended.</summary>
    public bool HasRest => _end > _start;

    /// <summary>What a frame may have from now on. From any thread, while nothing is looked at.</summary>
    public void Allow(int bytes) => _maxFrameBytes = bytes;

    /// <summary>Where the next bytes go.</summary>
    public Span<byte> Room(Lane lane)
    {
        _chunk ??= lane.TakeChunk();
        return _chunk.Bytes.AsSpan(_end);
    }

    public void Add(int bytes) => _end += bytes;

    /// <summary>The next whole frame, without its length; valid until the next call, or as long as the chunk is held.</summary>
    /// <exception cref="FrameException">A length that no frame may have.</exception>
    public bool TryTake(out ReadOnlyMemory<byte> frame, out Chunk chunk)
    {
        frame = default;
        chunk = _chunk!;
        if (_end - _start < LengthBytes) return false;
        var length = Length();
        if (_end - _start - LengthBytes < length) return false;
        frame = _chunk!.Bytes.AsMemory(_start + LengthBytes, length);
        _start += LengthBytes + length;
        return true;
    }

    /// <summary>Makes room for the rest of what has begun, and gives back what is not needed.</summary>
    public void Settle(Lane lane)
    {
        if (_chunk is null) return;
        var rest = _end - _start;
        if (rest == 0)
        {
            lane.GiveBack(_chunk);
            _chunk = null;
            _start = _end = 0;
            return;
        }

        var needed = rest < LengthBytes ? LengthBytes : LengthBytes + Length();
        if (needed <= rest) return;
        // What has come decides, not what was announced: who says a hundred megabytes gets them when they are there.
        var wanted = Math.Min(needed, rest < FewBytes ? SmallRoom : Math.Max(LargeRoom, 2 * rest));
        var isRoomy = _chunk.Bytes.Length - _start >= wanted && _end < _chunk.Bytes.Length;
        if (isRoomy && _chunk.Bytes.Length <= 4 * Math.Max(wanted, SmallRoom)) return;
        var larger = lane.Chunks.Rent(Math.Max(wanted, rest + 1));
        _chunk.Bytes.AsSpan(_start, rest).CopyTo(larger.Bytes);
        lane.GiveBack(_chunk);
        _chunk = larger;
        _start = 0;
        _end = rest;
    }

    public void Release()
    {
        _chunk?.LetGo();
        _chunk = null;
        _start = _end = 0;
    }

    private int Length()
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(_chunk!.Bytes.AsSpan(_start));
        if (length > _maxFrameBytes && length >> 16 == TlsBegins)
            throw new FrameException("it speaks TLS, and this listener does not (security.protocol of the client)", speaksTls: true);
        if (length < 0 || length > _maxFrameBytes)
            throw new FrameException($"a frame of {length} bytes; at most {_maxFrameBytes} are taken (socket.request.max.bytes, or sasl.server.max.receive.size before it is known who speaks)");
        return length;
    }
}
