using System.Buffers.Binary;
using System.Buffers.Text;

namespace Moldau.Protocol.Primitives;

/// <summary>A 128-bit id, written as Kafka writes it: 22 characters of URL-safe base64.</summary>
public readonly record struct Uuid(ulong High, ulong Low)
{
    private const int ByteCount = 16;
    private const int TextLength = 22;

    /// <summary>No id; what a field without one carries.</summary>
    public static readonly Uuid Zero;

    public bool IsZero => (High | Low) == 0;

    public static bool TryParse(ReadOnlySpan<char> text, out Uuid id)
    {
        id = Zero;
        Span<byte> bytes = stackalloc byte[ByteCount];
        if (text.Length != TextLength || !Base64Text.TryDecode(text, bytes)) return false;
        id = new Uuid(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        return true;
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[ByteCount];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return Base64Text.Encode(bytes);
    }
}
