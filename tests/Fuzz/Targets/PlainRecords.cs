using System.Globalization;
using System.Text;
using Moldau.Protocol.Records;

namespace Moldau.Fuzz.Targets;

/// <summary>
/// The records of a batch read a second time, in the plainest way, straight from the format's description: what the fast
/// reader is held against. Both tell what they read as text; null is a refusal.
/// </summary>
internal ref struct PlainRecords
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;
    private bool _isSound;

    private PlainRecords(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _isSound = true;
    }

    public static string? Read(ReadOnlySpan<byte> bytes, int count)
    {
        var reader = new PlainRecords(bytes);
        var text = new StringBuilder();
        for (var i = 0; i < count && reader._isSound; i++) reader.Record(text);
        return reader._isSound && reader._at == bytes.Length ? text.ToString() : null;
    }

    /// <summary>The same text from the reader under test.</summary>
    public static string? Read(RecordReader records)
    {
        var text = new StringBuilder();
        try
        {
            while (records.MoveNext())
            {
                text.Append(CultureInfo.InvariantCulture, $"{records.TimestampDelta} {records.OffsetDelta}");
                Append(text, records.Key.IsNull, records.Key.Span);
                Append(text, records.Value.IsNull, records.Value.Span);
                for (var headers = records.Headers; headers.MoveNext();)
                {
                    Append(text, isNull: false, headers.KeyUtf8);
                    Append(text, headers.Value.IsNull, headers.Value.Span);
                }

                text.Append('\n');
            }

            return text.ToString();
        }
        catch (InvalidBatchException)
        {
            return null;
        }
    }

    private static void Append(StringBuilder text, bool isNull, ReadOnlySpan<byte> bytes) => text.Append(' ').Append(isNull ? "null" : Convert.ToHexString(bytes));

    private void Record(StringBuilder text)
    {
        var length = Varint(bits: 32);
        var end = _at + length;
        if (length < 0 || end > _bytes.Length) _isSound = false;
        Byte();
        text.Append(CultureInfo.InvariantCulture, $"{Varint(bits: 64)} {Varint(bits: 32)}");
        Field(text, canBeNull: true);
        Field(text, canBeNull: true);
        var headers = Varint(bits: 32);
        if (headers < 0) _isSound = false;
        for (; headers > 0 && _isSound; headers--)
        {
            Field(text, canBeNull: false);
            Field(text, canBeNull: true);
        }

        text.Append('\n');
        if (_at != end) _isSound = false;
    }

    private void Field(StringBuilder text, bool canBeNull)
    {
        var length = Varint(bits: 32);
        if (length < (canBeNull ? -1 : 0) || length > _bytes.Length - _at) _isSound = false;
        if (!_isSound) return;
        Append(text, length < 0, length < 0 ? default : _bytes.Slice(_at, (int)length));
        _at += (int)Math.Max(0, length);
    }

    private long Varint(int bits)
    {
        UInt128 value = 0;
        for (var shift = 0; shift < bits && _isSound; shift += 7)
        {
            var next = Byte();
            value |= (UInt128)(next & 0x7Fu) << shift;
            if (next >= 0x80) continue;
            if (value >> bits != 0) _isSound = false;
            return (long)(ulong)(value >> 1) ^ -(long)(ulong)(value & 1);
        }

        _isSound = false;
        return 0;
    }

    private byte Byte()
    {
        if (_at < _bytes.Length) return _bytes[_at++];
        _isSound = false;
        return 0;
    }
}
