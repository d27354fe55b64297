using System.Buffers.Binary;
using System.Text;

namespace Moldau.Broker.Telemetry;

/// <summary>
/// Reads a protobuf message's fields one after the other (protobuf.dev/programming-guides/encoding). Everything it is given
/// comes from outside: lengths are held against what is there, and nothing is copied but texts.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Length = 2;
    private const int Fixed32 = 5;
    private const int LongestVarint = 10;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;
    private int _wire;

    /// <summary>The number of the field whose value is next.</summary>
    public int Field { get; private set; }

    /// <exception cref="TelemetryFormatException">There is no field's beginning.</exception>
    public bool MoveNext()
    {
        if (_position == _bytes.Length) return false;
        var tag = ReadVarint();
        (Field, _wire) = ((int)(tag >> 3), (int)(tag & 7));
        return tag <= uint.MaxValue && Field > 0 ? true : throw new TelemetryFormatException($"field {Field}, which no message has");
    }

    public ReadOnlySpan<byte> ReadBytes()
    {
        Expect(Length);
        var length = ReadVarint();
        if (length > (ulong)(_bytes.Length - _position)) throw new TelemetryFormatException($"field {Field} has {length} bytes, and {_bytes.Length - _position} are left");
        var value = _bytes.Slice(_position, (int)length);
        _position += (int)length;
        return value;
    }

    public string ReadText(int most) => ReadBytes() is var text && text.Length <= most ? Encoding.UTF8.GetString(text)
        : throw new TelemetryFormatException($"field {Field} is a text of {text.Length} bytes; at most {most} are taken");

    public long ReadInteger()
    {
        Expect(Varint);
        return (long)ReadVarint();
    }

    public long ReadFixed64()
    {
        Expect(Fixed64);
        return BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));
    }

    public double ReadDouble() => BitConverter.Int64BitsToDouble(ReadFixed64());

    public void Skip()
    {
        switch (_wire)
        {
            case Varint:
                ReadVarint();
                break;
            case Fixed64:
                Take(sizeof(long));
                break;
            case Length:
                ReadBytes();
                break;
            case Fixed32:
                Take(sizeof(int));
                break;
            default:
                throw new TelemetryFormatException($"field {Field} of wire type {_wire}, which is not known");
        }
    }

    private readonly void Expect(int wire)
    {
        if (_wire != wire) throw new TelemetryFormatException($"field {Field} has wire type {_wire}, not {wire}");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_bytes.Length - _position < count) throw new TelemetryFormatException($"field {Field} ends before its {count} bytes do");
        var value = _bytes.Slice(_position, count);
        _position += count;
        return value;
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var i = 0; i < LongestVarint; i++)
        {
            if (_position == _bytes.Length) throw new TelemetryFormatException("it ends within a number");
            var part = _bytes[_position++];
            value |= (ulong)(part & 0x7f) << (7 * i);
            if (part < 0x80) return value;
        }

        throw new TelemetryFormatException($"a number of more than {LongestVarint} bytes");
    }
}
