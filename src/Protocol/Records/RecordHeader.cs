namespace Moldau.Protocol.Records;

/// <summary>A header of a record that is to be written.</summary>
public readonly record struct RecordHeader(string Key, ReadOnlyMemory<byte>? Value)
{
    // Without it an array that is null would turn into memory of no bytes, which is another value.
    public RecordHeader(string key, byte[]? value)
        : this(key, value is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(value))
    {
    }
}
