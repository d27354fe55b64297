using System.Diagnostics.CodeAnalysis;

namespace Moldau.Protocol.Records;

/// <summary>
/// A key or value to be written: bytes, or null, which is not the same as no bytes. The default is null, and so is an array that is null.
/// It holds on to the memory and copies nothing.
/// </summary>
/// <remarks>
/// Memory itself has no null: in <c>isThere ? memory : null</c> both sides meet in memory of no bytes. <c>isThere ? memory : RecordBytes.Null</c> says
/// what is meant.
/// </remarks>
public readonly record struct RecordBytes
{
    private readonly bool _isPresent;

    public RecordBytes(ReadOnlyMemory<byte> memory) => (Memory, _isPresent) = (memory, true);

    public static RecordBytes Null => default;

    public bool IsNull => !_isPresent;

    /// <summary>The bytes; none where it is null.</summary>
    public ReadOnlyMemory<byte> Memory { get; }

    /// <summary>The same for who reads it here and now.</summary>
    public OptionalBytes Bytes => _isPresent ? new OptionalBytes(Memory.Span) : default;

    /// <summary>What may be there or not. It is no conversion, or a bare <c>null</c> could be an array or this and would be neither.</summary>
    public static RecordBytes From(ReadOnlyMemory<byte>? memory) => memory is { } bytes ? new(bytes) : default;

    [SuppressMessage("Usage", "CA2225", Justification = "the constructor is the named alternative")]
    public static implicit operator RecordBytes(byte[]? bytes) => bytes is null ? default : new(bytes);

    [SuppressMessage("Usage", "CA2225", Justification = "the constructor is the named alternative")]
    public static implicit operator RecordBytes(ReadOnlyMemory<byte> memory) => new(memory);

    [SuppressMessage("Usage", "CA2225", Justification = "the constructor is the named alternative")]
    public static implicit operator RecordBytes(Memory<byte> memory) => new(memory);
}
