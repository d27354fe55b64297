using System.Buffers;
using System.Buffers.Binary;

namespace Moldau.Storage.Facts.Journal;

/// <summary>Writes the primitives of a frame, big-endian as everything of Kafka's.</summary>
internal sealed class ByteWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public int Length => _bytes.WrittenCount;

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Clear() => _bytes.ResetWrittenCount();

    public void Byte(byte value) => _bytes.Write([value]);

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
    }

    public void Raw(ReadOnlySpan<byte> value) => _bytes.Write(value);

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        _bytes.Write(value);
    }

    public void Entry(FactEntry entry)
    {
        Bytes(FactKeyOrder.Encode(entry.Key));
        Bytes(entry.Value.Span);
        Int64(entry.CreateRevision);
        Int64(entry.ModRevision);
    }
}
