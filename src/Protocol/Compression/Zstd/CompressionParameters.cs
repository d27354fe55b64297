namespace Moldau.Protocol.Compression.Zstd;

/// <summary>What a level means for a source of a certain size.</summary>
/// <param name="WindowLog">How far back matches may reach, as a power of two.</param>
/// <param name="HashLog">The size of the main table.</param>
/// <param name="ChainLog">The size of the second table, or of the tree.</param>
/// <param name="SearchLog">How many candidates are tried for a position, as a power of two.</param>
/// <param name="MinMatch">How many bytes are hashed, and so the shortest match that is found for sure.</param>
/// <param name="TargetLength">A match this long is taken without looking further; for <see cref="MatchStrategy.Fast"/> the acceleration.</param>
internal readonly record struct CompressionParameters(
    MatchStrategy Strategy, int WindowLog, int HashLog, int ChainLog, int SearchLog, int MinMatch, int TargetLength)
{
    /// <summary>Negative levels trade the coding of literals for speed.</summary>
    public bool CompressLiterals => Strategy != MatchStrategy.Fast || TargetLength == 0;
}
