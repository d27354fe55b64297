namespace Moldau.Protocol.Compression.Zstd;

/// <summary>A stretch of the compressed bytes that still knows where it lies in the whole, so that faults can say where.</summary>
internal readonly unsafe struct InputRange(byte* origin, byte* start, byte* end)
{
    public readonly byte* Origin = origin;
    public readonly byte* Start = start;
    public readonly byte* End = end;

    public long Length => End - Start;

    public InputRange From(byte* start) => new(Origin, start, End);

    public InputRange Between(byte* start, byte* end) => new(Origin, start, end);

    public CorruptDataException Corrupt(string problem) => Corrupt(problem, Start);

    public CorruptDataException Corrupt(string problem, byte* at) => new("zstd", problem, at - Origin);
}
