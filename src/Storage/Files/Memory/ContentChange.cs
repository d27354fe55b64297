namespace Moldau.Storage.Files.Memory;

/// <summary>What was done to a file and is not on its disk yet: bytes written, or a new length where that is not negative.</summary>
internal readonly record struct ContentChange(long Position, byte[] Bytes, long NewLength)
{
    public bool IsLength => NewLength >= 0;

    public static ContentChange Written(long position, ReadOnlySpan<byte> bytes) => new(position, bytes.ToArray(), -1);

    public static ContentChange Cut(long length) => new(0, [], length);

    public void ApplyTo(MemoryBytes bytes)
    {
        if (IsLength) bytes.SetLength(NewLength);
        else bytes.Write(Position, Bytes);
    }
}
