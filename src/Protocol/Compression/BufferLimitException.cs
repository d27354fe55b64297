namespace Moldau.Protocol.Compression;

/// <summary>Content would grow past the limit its reader was given: a decompression bomb, or a limit set too low.</summary>
public sealed class BufferLimitException(long needed, int limit)
    : Exception($"the content needs at least {needed} bytes, over the limit of {limit} bytes")
{
    public long Needed { get; } = needed;

    public int Limit { get; } = limit;
}
