using System.Numerics;
using System.Text;

namespace Moldau.Protocol.Primitives;

/// <summary>How many bytes a value takes on the wire. Measuring is also where content that no version can carry is refused.</summary>
public static class WireSize
{
    public static int UnsignedVarint(uint value) => (31 - BitOperations.LeadingZeroCount(value | 1)) / 7 + 1;

    public static int Utf8Length(string value) => Encoding.UTF8.GetByteCount(value);

    public static int String(string? value, bool compact, string field)
    {
        var length = value is null ? 0 : Utf8Length(value);
        if (length > WireLimits.MaxStringBytes) throw TooLong(field, length);
        if (!compact) return sizeof(short) + length;
        return value is null ? 1 : UnsignedVarint((uint)length + 1) + length;
    }

    public static int Bytes(ReadOnlyMemory<byte>? value, bool compact) =>
        Length(value?.Length ?? -1, compact) + (value?.Length ?? 0);

    public static int Records(RecordData value, bool compact) => Length(value.IsNull ? -1 : value.Length, compact) + value.Length;

    /// <summary>The length in front of an array or of bytes; -1 for null.</summary>
    public static int Length(int length, bool compact) => compact ? UnsignedVarint((uint)(length + 1)) : sizeof(int);

    /// <summary>A tagged field whose content takes <paramref name="contentSize"/> bytes.</summary>
    public static int Tagged(uint tag, int contentSize) => UnsignedVarint(tag) + UnsignedVarint((uint)contentSize) + contentSize;

    private static InvalidOperationException TooLong(string field, int length) =>
        new($"{field}: a text of {length} bytes, over the protocol's limit of {WireLimits.MaxStringBytes}");
}
