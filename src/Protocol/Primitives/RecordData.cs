namespace Moldau.Protocol.Primitives;

/// <summary>
/// What a field of records carries: batches in memory, or a source that the transport sends itself (a region of a log
/// file, by sendfile) and of which the message knows only the length. The default value is no bytes; null is apart.
/// </summary>
public readonly struct RecordData
{
    private readonly bool _isNull;

    private RecordData(ReadOnlyMemory<byte> bytes, object? source, int length, bool isNull)
    {
        Bytes = bytes;
        Source = source;
        Length = length;
        _isNull = isNull;
    }

    public static RecordData Null { get; } = new(default, null, 0, isNull: true);

    public bool IsNull => _isNull;

    /// <summary>The batches, where they are in memory; a view of the frame when they were read from one.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>What the transport sends in their place, where they are not.</summary>
    public object? Source { get; }

    public int Length { get; }

    public static RecordData Of(ReadOnlyMemory<byte> bytes) => new(bytes, null, bytes.Length, isNull: false);

    public static RecordData From(object source, int length)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new RecordData(default, source, length, isNull: false);
    }
}
