namespace Moldau.Protocol.Records;

/// <summary>A header of a record that is to be written.</summary>
public readonly record struct RecordHeader(string Key, ReadOnlyMemory<byte>? Value);
