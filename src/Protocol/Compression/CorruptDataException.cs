namespace Moldau.Protocol.Compression;

/// <summary>Compressed bytes that their format does not allow: truncated, damaged, or never of that format.</summary>
public sealed class CorruptDataException(string codec, string problem, long position)
    : Exception($"{codec}: {problem} (at byte {position} of the compressed data)")
{
    public string Codec { get; } = codec;

    /// <summary>Where in the compressed bytes the fault was noticed.</summary>
    public long Position { get; } = position;
}
