using System.Buffers;

namespace Moldau.Protocol.Compression;

/// <summary>
/// A contiguous, growing byte buffer on pooled arrays, with a hard limit on its length.
/// Decoders write into it and read their own history back from it; the limit is what bounds a decompression bomb.
/// One owner: whoever creates it disposes it, once.
/// </summary>
public sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _array;
    private int _length;

    /// <param name="initialCapacity">Room to start with; the buffer grows by doubling.</param>
    /// <param name="maxLength">The most bytes it will ever hold; asking for more throws <see cref="BufferLimitException"/>.</param>
    public PooledBuffer(int initialCapacity = 4096, int maxLength = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(initialCapacity);
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        MaxLength = Math.Min(maxLength, Array.MaxLength);
        _array = ArrayPool<byte>.Shared.Rent(Math.Max(16, Math.Min(initialCapacity, MaxLength)));
    }

    public int MaxLength { get; }

    public int Length => _length;

    public ReadOnlySpan<byte> WrittenSpan => _array.AsSpan(0, _length);

    public ReadOnlyMemory<byte> WrittenMemory => _array.AsMemory(0, _length);

    /// <summary>The backing array: bytes below <see cref="Length"/> are written, the rest is scratch. Valid until the next call that may grow.</summary>
    public byte[] Bytes => _array;

    /// <summary>Makes room for <paramref name="extra"/> more bytes, or throws when the limit forbids it.</summary>
    public void Reserve(int extra)
    {
        if (extra <= _array.Length - _length && extra <= MaxLength - _length) return;
        Grow(extra);
    }

    /// <summary>Counts bytes that were written directly behind <see cref="Length"/> as part of the content.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > _array.Length - _length) throw new ArgumentOutOfRangeException(nameof(count), count, "advanced past the reserved room");
        _length += count;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_array.AsSpan(_length));
        _length += bytes.Length;
    }

    public void WriteByte(byte value)
    {
        Reserve(1);
        _array[_length++] = value;
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _array.AsSpan(_length, Math.Min(_array.Length, MaxLength) - _length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _array.AsMemory(_length, Math.Min(_array.Length, MaxLength) - _length);
    }

    /// <summary>Forgets the content, keeps the room.</summary>
    public void Clear() => _length = 0;

    public void Dispose()
    {
        var array = _array;
        _array = [];
        _length = 0;
        if (array.Length > 0) ArrayPool<byte>.Shared.Return(array);
    }

    private void Grow(int extra)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(extra);
        if (extra > MaxLength - _length) throw new BufferLimitException((long)_length + extra, MaxLength);
        var capacity = (int)Math.Min(MaxLength, Math.Max((long)_array.Length * 2, (long)_length + extra));
        var larger = ArrayPool<byte>.Shared.Rent(capacity);
        _array.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}
