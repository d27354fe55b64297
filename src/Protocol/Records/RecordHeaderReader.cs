using System.Text;

namespace Moldau.Protocol.Records;

/// <summary>Walks the headers of one record; nothing is decoded that is not asked for.</summary>
public ref struct RecordHeaderReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _recordIndex;
    private int _left;
    private int _position;

    /// <param name="bytes">The headers, or those that are left.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="recordIndex">Of the record they belong to, for errors.</param>
    public RecordHeaderReader(ReadOnlySpan<byte> bytes, int count, int recordIndex)
    {
        _bytes = bytes;
        _left = count;
        _recordIndex = recordIndex;
    }

    /// <summary>Behind the header reached, in bytes from the first.</summary>
    public readonly int EndPosition => _position;

    /// <summary>Where the key begins.</summary>
    public int KeyPosition { get; private set; }

    public ReadOnlySpan<byte> KeyUtf8 { get; private set; }

    public readonly string Key => Encoding.UTF8.GetString(KeyUtf8);

    public OptionalBytes Value { get; private set; }

    public bool MoveNext()
    {
        if (_left == 0)
        {
            if (_position != _bytes.Length) throw Bad($"{_bytes.Length - _position} bytes are left behind its headers");
            return false;
        }

        _left--;
        var keyLength = Length("header key");
        if (keyLength < 0) throw Bad($"a header key length of {keyLength}");
        KeyPosition = _position;
        KeyUtf8 = Take(keyLength);
        var valueLength = Length("header value");
        if (valueLength < -1) throw Bad($"a header value length of {valueLength}");
        Value = valueLength < 0 ? default : new OptionalBytes(Take(valueLength));
        return true;
    }

    private int Length(string part)
    {
        if (!RecordVarint.TryRead(_bytes, ref _position, out int length)) throw Bad($"no {part} length");
        if (length > _bytes.Length - _position) throw Bad($"a {part} of {length} bytes where {_bytes.Length - _position} are left");
        return length;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        var bytes = _bytes.Slice(_position, length);
        _position += length;
        return bytes;
    }

    private readonly InvalidBatchException Bad(string problem) => new(BatchFault.BadRecord, _recordIndex, problem);
}
