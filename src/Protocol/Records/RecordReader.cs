using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Moldau.Protocol.Records;

/// <summary>
/// Walks the records of one batch, decompressed, and allocates nothing. Each record's own fields are checked as it is
/// reached; its headers when they are walked, or by <see cref="CheckHeaders"/>.
/// </summary>
public ref struct RecordReader
{
    // Length, attributes, timestamp, offset, key length: two bytes each at most where they are short.
    private const int ShortFieldsSize = 9;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _count;
    private int _next;
    private int _left;
    private long _timestampDelta;
    private int _offsetDelta;
    private int _keyStart;
    private int _keyLength;
    private int _valueStart;
    private int _valueLength;
    private int _headersStart;
    private int _headerCount;

    internal RecordReader(ReadOnlySpan<byte> records, int count)
    {
        _bytes = records;
        _count = count;
        _left = count;
    }

    /// <summary>Which record this is, counted from 0.</summary>
    public readonly int Index => _count - _left - 1;

    public readonly int OffsetDelta => _offsetDelta;

    public readonly long TimestampDelta => _timestampDelta;

    public readonly OptionalBytes Key => _keyLength < 0 ? default : new OptionalBytes(_bytes.Slice(_keyStart, _keyLength));

    public readonly OptionalBytes Value => _valueLength < 0 ? default : new OptionalBytes(_bytes.Slice(_valueStart, _valueLength));

    public readonly int HeaderCount => _headerCount;

    /// <summary>Where the next record begins, in bytes from the first one.</summary>
    public readonly int EndPosition => _next;

    /// <summary>Where everything of this record stands, for who keeps that and not the record.</summary>
    public readonly RecordLayout Layout => new()
    {
        OffsetDelta = _offsetDelta,
        TimestampDelta = _timestampDelta,
        KeyStart = _keyStart,
        KeyLength = _keyLength,
        ValueStart = _valueStart,
        ValueLength = _valueLength,
        HeadersStart = _headerCount == 0 ? _next : _headersStart,
        HeaderCount = _headerCount,
        End = _next,
    };

    public readonly RecordHeaderReader Headers =>
        _headerCount == 0 ? default : new RecordHeaderReader(_bytes[_headersStart.._next], _headerCount, Index);

    /// <summary>This record as it was written, its length in front.</summary>
    /// <param name="start">What <see cref="EndPosition"/> was before it was reached.</param>
    public readonly ReadOnlySpan<byte> BytesFrom(int start) => _bytes[start.._next];

    /// <summary>Goes to the next record.</summary>
    /// <returns>False behind the last.</returns>
    /// <exception cref="InvalidBatchException">The record is damaged, or bytes are left behind the last one.</exception>
    public bool MoveNext()
    {
        if (_left == 0) return End();
        _left--;
        if (_bytes.Length - _next < ShortFieldsSize || !TryReadShort()) ReadCarefully();
        return true;
    }

    /// <summary>Walks this record's headers and throws where they are damaged.</summary>
    public readonly void CheckHeaders()
    {
        if (_headerCount == 0) return;
        var headers = Headers;
        while (headers.MoveNext())
        {
        }
    }

    /// <summary>
    /// A record whose numbers take one or two bytes each, which is nearly every one: the room was checked once, and what
    /// is unusual or wrong is left to <see cref="ReadCarefully"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadShort()
    {
        ref var start = ref MemoryMarshal.GetReference(_bytes);
        var position = _next;
        if (!TryReadLength(ref start, ref position, out var length) || length > _bytes.Length - position) return false;
        var end = position + length;

        position++; // the attributes of a record: none are in use
        if (!TryReadTwo(ref start, ref position, out var timestampDelta)) return false;
        if (!TryReadTwo(ref start, ref position, out _offsetDelta)) return false;
        if (!TryReadTwo(ref start, ref position, out var keyLength) || keyLength < -1) return false;
        _keyStart = position;
        if (keyLength > 0) position += keyLength;

        // What is left must hold the value's length, one byte or two, and the header count behind it.
        if (end - position < 2) return false;
        if (!TryReadTwo(ref start, ref position, out var valueLength) || valueLength < -1) return false;
        _valueStart = position;
        if (valueLength > 0) position += valueLength;
        if (position >= end) return false;
        int headers = Unsafe.Add(ref start, position++);
        if (headers == 0)
        {
            if (position != end) return false;
        }
        else
        {
            // Each takes two bytes at least, and an even zigzag is twice their count.
            if (headers >= 0x80 || (headers & 1) != 0 || headers > end - position) return false;
            _headersStart = position;
        }

        _timestampDelta = timestampDelta;
        _keyLength = keyLength;
        _valueLength = valueLength;
        _headerCount = headers >> 1;
        _next = end;
        return true;
    }

    // Where the next record begins waits for this number alone, so it has a shorter way than TryReadTwo: an odd zigzag is
    // negative, and the halves of an even one are added.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadLength(ref byte start, ref int position, out int length)
    {
        int first = Unsafe.Add(ref start, position);
        if (first < 0x80)
        {
            length = first >> 1;
            position++;
        }
        else
        {
            int second = Unsafe.Add(ref start, position + 1);
            length = ((first & 0x7F) >> 1) + (second << 6);
            position += 2;
            if (second >= 0x80) return false;
        }

        return (first & 1) == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadTwo(ref byte start, ref int position, out int value)
    {
        uint number = Unsafe.Add(ref start, position);
        if (number < 0x80)
        {
            position++;
        }
        else
        {
            number = (number & 0x7F) | ((uint)Unsafe.Add(ref start, position + 1) << 7);
            position += 2;
        }

        value = (int)(number >> 1) ^ -(int)(number & 1);
        return number < 0x4000;
    }

    private void ReadCarefully()
    {
        var position = _next;
        if (!RecordVarint.TryRead(_bytes, ref position, out int length)) throw Bad("no length");
        var end = (long)position + length;
        if (length < 0 || end > _bytes.Length) throw Bad($"a length of {length} bytes where {_bytes.Length - position} are left");

        var record = _bytes[..(int)end];
        position++;
        if (!RecordVarint.TryRead(record, ref position, out _timestampDelta)) throw Bad("no timestamp");
        if (!RecordVarint.TryRead(record, ref position, out _offsetDelta)) throw Bad("no offset");
        ReadLength(record, ref position, ref _keyStart, ref _keyLength, "key");
        ReadLength(record, ref position, ref _valueStart, ref _valueLength, "value");
        if (!RecordVarint.TryRead(record, ref position, out _headerCount)) throw Bad("no header count");
        CheckHeaderCount((int)end - position);
        _headersStart = position;
        _next = (int)end;
    }

    private readonly bool End()
    {
        if (_next != _bytes.Length)
            throw new InvalidBatchException(BatchFault.BadCount, $"{_bytes.Length - _next} bytes are left behind its {_count} records");
        return false;
    }

    private readonly void ReadLength(ReadOnlySpan<byte> record, ref int position, ref int start, ref int length, string part)
    {
        if (!RecordVarint.TryRead(record, ref position, out length)) throw Bad($"no {part} length");
        start = position;
        if (length < 0)
        {
            if (length != -1) throw Bad($"a {part} length of {length}");
            return;
        }

        if (length > record.Length - position) throw Bad($"a {part} of {length} bytes where {record.Length - position} are left");
        position += length;
    }

    private readonly void CheckHeaderCount(int left)
    {
        // A header takes two bytes at least.
        if ((uint)_headerCount > (uint)left / 2) throw Bad($"{_headerCount} headers in {left} bytes");
        if (_headerCount == 0 && left != 0) throw Bad($"{left} bytes are left behind the record's fields");
    }

    private readonly InvalidBatchException Bad(string problem) => new(BatchFault.BadRecord, Index, problem);
}
