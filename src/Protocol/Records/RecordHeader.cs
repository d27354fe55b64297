namespace Moldau.Protocol.Records;

/// <summary>A header of a record that is to be written.</summary>
public readonly record struct RecordHeader(string Key, RecordBytes Value)
{
    // Beside the other for lists in brackets, which make arrays.
    public RecordHeader(string key, byte[]? value)
        : this(key, (RecordBytes)value)
    {
    }
}
