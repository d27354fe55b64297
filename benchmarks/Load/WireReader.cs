using System.Buffers.Binary;
using System.Text;

namespace Moldau.Bench.Load;

/// <summary>Reads a reply, or a request on the side of the bare broker.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public byte Byte() => _bytes[Position++];

    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(sizeof(short)));

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)));

    /// <summary>Null where the text is none.</summary>
    public string? Text()
    {
        var length = Int16();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>In seven bits a byte.</summary>
    public int Varint()
    {
        for (var (value, shift) = (0, 0); ; shift += 7)
        {
            var next = Byte();
            value |= (next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }

    /// <summary>In a version with tagged fields.</summary>
    public void SkipCompactText() => _ = Take(Math.Max(0, Varint() - 1));

    public void SkipTags()
    {
        for (var count = Varint(); count > 0; count--)
        {
            _ = Varint();
            _ = Take(Varint());
        }
    }

    public void SkipText() => _ = Take(Math.Max((short)0, Int16()));

    public ReadOnlySpan<byte> Take(int count)
    {
        var taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }
}
