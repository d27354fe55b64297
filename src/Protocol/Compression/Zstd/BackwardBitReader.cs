using System.Numerics;
using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>
/// Reads a bitstream from its end towards its start (RFC 8878 section 4.1). For the short streams of a tree description;
/// the long streams have loops of their own.
/// Precondition: at least eight bytes are readable in front of the stream. Every stream lies behind a frame header
/// (six bytes at least), a block header (three) and a section header, so that always holds.
/// </summary>
internal unsafe ref struct BackwardBitReader
{
    private readonly byte* _start;
    private long _remaining;

    public BackwardBitReader(InputRange stream)
    {
        if (stream.Length < 1) throw stream.Corrupt("an empty bitstream");
        var last = stream.End[-1];
        if (last == 0) throw stream.Corrupt("a bitstream without its end mark", stream.End - 1);
        _start = stream.Start;
        // The highest set bit of the last byte is a mark, not data.
        _remaining = (stream.Length - 1) * 8 + BitOperations.Log2(last);
    }

    /// <summary>True once more bits were read than there are.</summary>
    public readonly bool Overread => _remaining < 0;

    /// <summary>Up to 32 bits; bits in front of the start read as zero.</summary>
    public uint Read(int count)
    {
        if (count == 0) return 0;
        var available = _remaining;
        _remaining -= count;
        if (available <= 0) return 0;
        var top = available - 1;
        var window = Unsafe.ReadUnaligned<ulong>(_start + (top >> 3) - 7);
        var aligned = window << (int)(7 - (top & 7));
        var value = aligned >> (64 - count);
        if (_remaining < 0) value = value >> (int)-_remaining << (int)-_remaining;
        return (uint)value;
    }
}
