using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>
/// Writes a bitstream that is read from its end (RFC 8878 section 4.1): what is read last has to be written first.
/// A flush writes eight bytes whatever it has, so the room needs that much slack; at most 57 bits go between flushes.
/// </summary>
internal unsafe ref struct BitWriter
{
    private ulong _bits;
    private int _count;

    public BitWriter(byte* output) => Position = output;

    public byte* Position { get; private set; }

    /// <summary>Precondition: <paramref name="value"/> has no bits set above <paramref name="count"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong value, int count)
    {
        _bits |= value << _count;
        _count += count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Flush()
    {
        Unsafe.WriteUnaligned(Position, _bits);
        Position += _count >> 3;
        _bits >>= _count & ~7;
        _count &= 7;
    }

    /// <summary>Adds the end mark and returns the byte behind the stream.</summary>
    public byte* Close()
    {
        Add(1, 1);
        Flush();
        return Position + (_count > 0 ? 1 : 0);
    }
}
