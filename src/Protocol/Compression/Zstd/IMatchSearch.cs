namespace Moldau.Protocol.Compression.Zstd;

/// <summary>The search a lazy parse rests on. Implemented by structs, so that each combination is compiled for itself.</summary>
internal unsafe interface IMatchSearch
{
    /// <summary>The longest match at a position that is worth its offset, or 0. Positions only ever go up.</summary>
    nint Find(byte* position, byte* end, out uint offset);
}
