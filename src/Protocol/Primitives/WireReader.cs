using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Moldau.Protocol.Errors;

namespace Moldau.Protocol.Primitives;

/// <summary>
/// Reads one frame, front to back. Nothing is allocated from a length before that length is held against the limits
/// and against what is left of the frame. Bytes and records are handed out as views of the frame, so they live as long
/// as its buffer; strings are copied, or taken from the <see cref="StringCache"/> where one is given.
/// <para>Every read names its field: the name costs nothing until the read fails, and then tells where.</para>
/// </summary>
public ref struct WireReader
{
    private readonly ReadOnlyMemory<byte> _frame;
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly StringCache? _strings;
    private int _position;

    public WireReader(ReadOnlyMemory<byte> frame, StringCache? strings = null)
    {
        _frame = frame;
        _bytes = frame.Span;
        _strings = strings;
    }

    public readonly int Position => _position;

    public readonly int Remaining => _bytes.Length - _position;

    public bool ReadBool(string field) => ReadUInt8(field) != 0;

    public sbyte ReadInt8(string field) => (sbyte)ReadUInt8(field);

    public short ReadInt16(string field) => BinaryPrimitives.ReverseEndianness(ReadRaw<short>(field));

    public ushort ReadUInt16(string field) => BinaryPrimitives.ReverseEndianness(ReadRaw<ushort>(field));

    public int ReadInt32(string field) => BinaryPrimitives.ReverseEndianness(ReadRaw<int>(field));

    public uint ReadUInt32(string field) => BinaryPrimitives.ReverseEndianness(ReadRaw<uint>(field));

    public long ReadInt64(string field) => BinaryPrimitives.ReverseEndianness(ReadRaw<long>(field));

    public double ReadFloat64(string field) => BitConverter.Int64BitsToDouble(ReadInt64(field));

    public ErrorCode ReadError(string field) => (ErrorCode)ReadInt16(field);

    public Uuid ReadUuid(string field)
    {
        var high = ReadInt64(field);
        return new Uuid((ulong)high, (ulong)ReadInt64(field));
    }

    /// <summary>A varint of at most 32 bits; a fifth byte may carry four bits and no more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadUnsignedVarint(string field)
    {
        if ((uint)_position < (uint)_bytes.Length)
        {
            var first = _bytes[_position];
            if (first < 0x80)
            {
                _position++;
                return first;
            }
        }

        return ReadLongVarint(field);
    }

    public string ReadString(bool compact, string field) => ReadNullableString(compact, field) ?? throw Null(field);

    public string? ReadNullableString(bool compact, string field)
    {
        var length = compact ? (int)ReadUnsignedVarint(field) - 1 : ReadInt16(field);
        if (length < 0) return length == -1 ? null : throw Invalid(field, $"a string length of {length}");
        if (length > WireLimits.MaxStringBytes) throw Invalid(field, $"a string of {length} bytes, over the limit of {WireLimits.MaxStringBytes}");
        var bytes = Take(length, field);
        return _strings is null ? Encoding.UTF8.GetString(bytes) : _strings.Get(bytes);
    }

    public ReadOnlyMemory<byte> ReadBytes(bool compact, string field) => ReadNullableBytes(compact, field) ?? throw Null(field);

    public ReadOnlyMemory<byte>? ReadNullableBytes(bool compact, string field)
    {
        var length = compact ? (int)ReadUnsignedVarint(field) - 1 : ReadInt32(field);
        if (length < 0) return length == -1 ? null : throw Invalid(field, $"a length of {length} bytes");
        var start = _position;
        Take(length, field);
        return _frame.Slice(start, length);
    }

    public RecordData ReadRecords(bool compact, string field) => RecordData.Of(ReadBytes(compact, field));

    public RecordData ReadNullableRecords(bool compact, string field) =>
        ReadNullableBytes(compact, field) is { } bytes ? RecordData.Of(bytes) : RecordData.Null;

    /// <param name="compact">Whether the length has the compact form.</param>
    /// <param name="minElementSize">The fewest bytes an element can take: what is left of the frame bounds the count.</param>
    /// <param name="field">Where.</param>
    /// <returns>The count, or -1 for null.</returns>
    public int ReadArrayLength(bool compact, int minElementSize, string field)
    {
        var count = compact ? (int)ReadUnsignedVarint(field) - 1 : ReadInt32(field);
        if (count <= 0) return count >= -1 ? count : throw Invalid(field, $"an array length of {count}");
        if (count > WireLimits.MaxArrayElements) throw Invalid(field, $"an array of {count} elements, over the limit of {WireLimits.MaxArrayElements}");
        if ((long)count * minElementSize > Remaining)
            throw Invalid(field, $"an array of {count} elements needs at least {(long)count * minElementSize} bytes, but {Remaining} are left");
        return count;
    }

    /// <summary>As <see cref="ReadArrayLength"/>, where null is not allowed.</summary>
    public int ReadPresentArrayLength(bool compact, int minElementSize, string field)
    {
        var count = ReadArrayLength(compact, minElementSize, field);
        return count >= 0 ? count : throw Null(field);
    }

    /// <summary>The marker before a nullable struct: -1 for null, anything else for present.</summary>
    public bool ReadPresent(string field) => ReadInt8(field) >= 0;

    public int ReadTagCount(string field)
    {
        var count = ReadUnsignedVarint(field);
        if (count > WireLimits.MaxTaggedFields) throw Invalid(field, $"{count} tagged fields, over the limit of {WireLimits.MaxTaggedFields}");
        return (int)count;
    }

    /// <summary>Where a tagged field of the length that stands here ends.</summary>
    public int ReadTagEnd(string field)
    {
        var size = ReadUnsignedVarint(field);
        if (size > (uint)Remaining) throw Invalid(field, $"a tagged field of {size} bytes, but {Remaining} are left");
        return _position + (int)size;
    }

    public readonly void ExpectTagEnd(int end, string field)
    {
        if (_position != end) throw Invalid(field, $"a tagged field whose content ends {_position - end} bytes past its length");
    }

    public void SkipTo(int end) => _position = end;

    /// <summary>A message must use its frame up: bytes behind it mean that one side has the version wrong.</summary>
    public readonly void ExpectEnd(string message)
    {
        if (Remaining != 0) throw Invalid(message, $"{Remaining} bytes are left behind the message");
    }

    public readonly MalformedMessageException Null(string field) => Invalid(field, "null, where the version allows none");

    private readonly MalformedMessageException Invalid(string field, string problem) => new(field, problem, _position);

    private byte ReadUInt8(string field)
    {
        if ((uint)_position >= (uint)_bytes.Length) throw Ended(1, field);
        return _bytes[_position++];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T ReadRaw<T>(string field) where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() > _bytes.Length - _position) throw Ended(Unsafe.SizeOf<T>(), field);
        var value = Unsafe.ReadUnaligned<T>(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), _position));
        _position += Unsafe.SizeOf<T>();
        return value;
    }

    private ReadOnlySpan<byte> Take(int length, string field)
    {
        if (length > Remaining) throw Ended(length, field);
        var bytes = _bytes.Slice(_position, length);
        _position += length;
        return bytes;
    }

    private uint ReadLongVarint(string field)
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = ReadUInt8(field);
            if (shift == 28 && next > 0x0F) break;
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw Invalid(field, "a varint of more than 32 bits");
    }

    private readonly MalformedMessageException Ended(int needed, string field) =>
        Invalid(field, $"needs {needed} bytes, but {Remaining} are left");
}
