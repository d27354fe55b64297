using System.Buffers.Binary;
using System.Text;
using Moldau.Protocol.Errors;

namespace Moldau.Protocol.Primitives;

/// <summary>
/// Writes one message into room that was measured before: each byte once, nothing grows, nothing is moved.
/// Records that the transport sends itself are left out and noted in the list of splices.
/// </summary>
public ref struct WireWriter
{
    private readonly Span<byte> _bytes;
    private readonly List<Splice>? _splices;
    private int _position;

    public WireWriter(Span<byte> bytes, List<Splice>? splices = null)
    {
        _bytes = bytes;
        _splices = splices;
    }

    public readonly int Position => _position;

    public void WriteBool(bool value) => _bytes[_position++] = value ? (byte)1 : (byte)0;

    public void WriteInt8(sbyte value) => _bytes[_position++] = (byte)value;

    public void WriteInt16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_bytes[_position..], value);
        _position += sizeof(short);
    }

    public void WriteUInt16(ushort value) => WriteInt16((short)value);

    public void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes[_position..], value);
        _position += sizeof(int);
    }

    public void WriteUInt32(uint value) => WriteInt32((int)value);

    public void WriteInt64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_bytes[_position..], value);
        _position += sizeof(long);
    }

    public void WriteFloat64(double value) => WriteInt64(BitConverter.DoubleToInt64Bits(value));

    public void WriteError(ErrorCode value) => WriteInt16((short)value);

    public void WriteUuid(Uuid value)
    {
        WriteInt64((long)value.High);
        WriteInt64((long)value.Low);
    }

    public void WriteUnsignedVarint(uint value)
    {
        while (value >= 0x80)
        {
            _bytes[_position++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[_position++] = (byte)value;
    }

    public void WriteString(string? value, bool compact)
    {
        if (compact)
        {
            WriteUnsignedVarint(value is null ? 0 : (uint)WireSize.Utf8Length(value) + 1);
            if (value is null) return;
            _position += Encoding.UTF8.GetBytes(value, _bytes[_position..]);
        }
        else if (value is null)
        {
            WriteInt16(-1);
        }
        else
        {
            var length = Encoding.UTF8.GetBytes(value, _bytes[(_position + sizeof(short))..]);
            WriteInt16((short)length);
            _position += length;
        }
    }

    public void WriteBytes(ReadOnlyMemory<byte>? value, bool compact)
    {
        WriteLength(value?.Length ?? -1, compact);
        if (value is { } present) WriteRaw(present.Span);
    }

    public void WriteRecords(RecordData value, bool compact)
    {
        WriteLength(value.IsNull ? -1 : value.Length, compact);
        if (value.Source is null) WriteRaw(value.Bytes.Span);
        else if (_splices is null) throw new InvalidOperationException("records that are sent from their source need a list of splices");
        else _splices.Add(new Splice(_position, value.Source, value.Length));
    }

    /// <summary>The length of an array or of bytes; -1 for null.</summary>
    public void WriteLength(int length, bool compact)
    {
        if (compact) WriteUnsignedVarint((uint)(length + 1));
        else WriteInt32(length);
    }

    public void WritePresent(bool present) => WriteInt8(present ? (sbyte)1 : (sbyte)-1);

    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes[_position..]);
        _position += bytes.Length;
    }
}
