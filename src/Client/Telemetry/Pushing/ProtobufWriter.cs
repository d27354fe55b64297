using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Moldau.Client.Telemetry.Pushing;

/// <summary>Writes a protobuf message's fields one after the other (protobuf.dev/programming-guides/encoding).</summary>
internal sealed class ProtobufWriter
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Length = 2;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Message(int field, ProtobufWriter inner) => Bytes(field, inner.Written);

    public void Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public void Number(int field, ulong value)
    {
        Tag(field, Varint);
        Put(value);
    }

    public void Fixed(int field, ulong value)
    {
        Tag(field, Fixed64);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(sizeof(ulong)), value);
        _bytes.Advance(sizeof(ulong));
    }

    public void Double(int field, double value) => Fixed(field, BitConverter.DoubleToUInt64Bits(value));

    private void Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        Tag(field, Length);
        Put((ulong)bytes.Length);
        _bytes.Write(bytes);
    }

    private void Tag(int field, int wire) => Put((ulong)(field << 3 | wire));

    private void Put(ulong value)
    {
        const int Longest = 10;
        var room = _bytes.GetSpan(Longest);
        var length = 0;
        for (; value >= 0x80; value >>= 7) room[length++] = (byte)(value | 0x80);
        room[length++] = (byte)value;
        _bytes.Advance(length);
    }
}
