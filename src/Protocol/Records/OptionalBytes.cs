using System.Diagnostics.CodeAnalysis;

namespace Moldau.Protocol.Records;

/// <summary>A key or value: bytes, or null, which is not the same as no bytes. The default is null.</summary>
public readonly ref struct OptionalBytes
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly bool _isPresent;

    public OptionalBytes(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _isPresent = true;
    }

    public static OptionalBytes Null => default;

    public bool IsNull => !_isPresent;

    /// <summary>The bytes; none where it is null.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>The length on the wire: -1 for null.</summary>
    public int Length => _isPresent ? _bytes.Length : -1;

    [SuppressMessage("Usage", "CA2225", Justification = "the constructor is the named alternative")]
    public static implicit operator OptionalBytes(ReadOnlySpan<byte> bytes) => new(bytes);

    [SuppressMessage("Usage", "CA2225", Justification = "the constructor is the named alternative")]
    public static implicit operator OptionalBytes(byte[]? bytes) => bytes is null ? default : new(bytes);
}
