using System.Buffers.Binary;
using System.Text;

namespace Moldau.Storage.Facts.Journal;

/// <summary>
/// Reads the primitives of a frame whose checksum was right. What does not fit all the same is
/// <see cref="FormatException"/>; who knows the place makes a <see cref="FactFileException"/> of it.
/// </summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    public readonly bool IsAtEnd => _position == _bytes.Length;

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public ReadOnlySpan<byte> Bytes() => Take(Int32());

    public string Key()
    {
        var bytes = Bytes();
        try
        {
            return FactKeyOrder.Decode(bytes);
        }
        catch (DecoderFallbackException fault)
        {
            throw new FormatException($"a key of {bytes.Length} bytes is not UTF-8: {fault.Message}", fault);
        }
    }

    public FactEntry Entry()
    {
        var key = Key();
        var value = Bytes().ToArray();
        return new FactEntry(key, value, Int64(), Int64());
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _bytes.Length - _position)
            throw new FormatException($"{count} bytes are wanted at {_position} of {_bytes.Length}");
        var taken = _bytes.Slice(_position, count);
        _position += count;
        return taken;
    }
}
