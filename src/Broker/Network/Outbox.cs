namespace Moldau.Broker.Network;

/// <summary>What a connection has yet to send, in order: bytes, and stretches of logs between them.</summary>
internal sealed class Outbox(Transport transport)
{
    private const int Blocked = 0;
    private const int Drained = 1;
    private const int Lost = -1;

    private Part[] _parts = new Part[4];
    private int _first;
    private int _count;

    public bool IsEmpty => _count == 0;

    /// <summary>Bytes that wait, those of logs included.</summary>
    public long Waiting { get; private set; }

    public void Add(Chunk? owner, byte[] bytes, int position, int length) => Add(new Part(owner, bytes, null, position, length));

    public void Add(SliceHolder slice) => Add(new Part(null, null, slice, 0, slice.Slice.Length));

    /// <summary>Sends what can be sent now.</summary>
    /// <returns>Null while something is left, true when all has been sent, false when the other side is gone.</returns>
    public bool? Drain()
    {
        while (_count > 0)
        {
            switch (SendFirst())
            {
                case Blocked: return null;
                case Lost: return false;
            }
        }

        return true;
    }

    /// <summary>What lies in memory that others use next is copied.</summary>
    public void Keep(byte[] shared, ChunkPool chunks)
    {
        for (var i = 0; i < _count; i++)
        {
            ref var part = ref At(i);
            if (part.Bytes != shared) continue;
            var chunk = chunks.Rent(part.Left);
            shared.AsSpan(part.Position, part.Left).CopyTo(chunk.Bytes);
            part = new Part(chunk, chunk.Bytes, null, 0, part.Left);
        }
    }

    public void Clear()
    {
        while (_count > 0) RemoveFirst();
    }

    private int SendFirst()
    {
        ref var part = ref At(0);
        while (part.Left > 0)
        {
            var sent = part.Slice is { } slice
                ? transport.Send(slice.Slice, part.Position)
                : transport.Send(part.Bytes.AsSpan(part.Position, part.Left), more: _count > 1);
            if (sent == Transport.WouldBlock) return Blocked;
            if (sent < 0) return Lost;
            part.Position += sent;
            part.Left -= sent;
            Waiting -= sent;
        }

        RemoveFirst();
        return Drained;
    }

    private void Add(Part part)
    {
        if (_count == _parts.Length) Grow();
        _parts[(_first + _count) & (_parts.Length - 1)] = part;
        _count++;
        Waiting += part.Left;
    }

    private ref Part At(int index) => ref _parts[(_first + index) & (_parts.Length - 1)];

    private void RemoveFirst()
    {
        ref var part = ref At(0);
        Waiting -= part.Left;
        part.Owner?.LetGo();
        part.Slice?.Dispose();
        part = default;
        _first = (_first + 1) & (_parts.Length - 1);
        _count--;
    }

    private void Grow()
    {
        var larger = new Part[_parts.Length * 2];
        for (var i = 0; i < _count; i++) larger[i] = At(i);
        _parts = larger;
        _first = 0;
    }

    private struct Part(Chunk? owner, byte[]? bytes, SliceHolder? slice, int position, int left)
    {
        public readonly Chunk? Owner = owner;
        public readonly byte[]? Bytes = bytes;
        public readonly SliceHolder? Slice = slice;
        public int Position = position;
        public int Left = left;
    }
}
