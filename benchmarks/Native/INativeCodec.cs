namespace Moldau.Bench.Native;

/// <summary>A codec of the system's, for a row to be measured beside.</summary>
internal interface INativeCodec : IDisposable
{
    string Name { get; }

    /// <returns>The length of what was written.</returns>
    int Compress(ReadOnlySpan<byte> source, Span<byte> destination);

    int Decompress(ReadOnlySpan<byte> source, Span<byte> destination);
}
