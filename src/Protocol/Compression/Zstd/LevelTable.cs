using System.Numerics;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>
/// The parameters of each level. Within a strategy the search gets wider or deeper from one level to the next. Levels 13
/// to 15 choose by estimated cost already, where the reference still parses lazily: they are slower than its own and
/// mostly smaller.
/// </summary>
internal static class LevelTable
{
    private const int MinWindowLog = 10;
    private const int MinTableLog = 8;
    private const int SmallSource = 16 << 10;
    private const int FirstLazyLevel = 5;
    private const int LastLazyLevel = 12;

    private static readonly CompressionParameters[] Levels =
    [
        new(MatchStrategy.Fast, 19, 14, 0, 0, 7, 0),
        new(MatchStrategy.Fast, 20, 16, 0, 0, 6, 0),
        new(MatchStrategy.DoubleFast, 21, 17, 16, 0, 5, 0),
        new(MatchStrategy.DoubleFast, 21, 18, 18, 0, 5, 0),
        new(MatchStrategy.Greedy, 21, 18, 0, 3, 5, 0),
        new(MatchStrategy.Lazy, 21, 19, 0, 3, 5, 0),
        new(MatchStrategy.Lazy, 21, 20, 0, 4, 5, 0),
        new(MatchStrategy.Lazy2, 21, 20, 0, 4, 5, 0),
        new(MatchStrategy.Lazy2, 22, 21, 0, 4, 5, 0),
        new(MatchStrategy.Lazy2, 22, 21, 0, 5, 5, 0),
        new(MatchStrategy.Lazy2, 22, 22, 0, 5, 5, 0),
        new(MatchStrategy.Lazy2, 22, 22, 0, 6, 5, 0),
        new(MatchStrategy.Optimal, 22, 22, 22, 3, 5, 32),
        new(MatchStrategy.Optimal, 22, 22, 22, 4, 5, 32),
        new(MatchStrategy.Optimal, 22, 22, 22, 4, 4, 48),
        new(MatchStrategy.Optimal, 22, 22, 22, 5, 4, 48),
        new(MatchStrategy.Optimal, 23, 22, 23, 5, 4, 64),
        new(MatchStrategy.OptimalTwice, 23, 22, 23, 6, 3, 64),
        new(MatchStrategy.OptimalTwice, 23, 22, 24, 7, 3, 256),
        new(MatchStrategy.OptimalTwice, 25, 23, 25, 7, 3, 256),
        new(MatchStrategy.OptimalTwice, 26, 24, 26, 8, 3, 512),
        new(MatchStrategy.OptimalTwice, 27, 25, 27, 9, 3, 999),
    ];

    /// <summary>Tables larger than the source has positions would only cost time to touch.</summary>
    public static CompressionParameters For(int level, int sourceSize)
    {
        if (level == 0) level = ZstdCodec.DefaultLevel;
        // In a small source there is little to search, so that lazy levels can afford what the next ones do.
        if (sourceSize <= SmallSource && level is >= FirstLazyLevel and <= LastLazyLevel) level = Math.Min(level + 2, LastLazyLevel);
        var parameters = level < 0
            ? new CompressionParameters(MatchStrategy.Fast, 19, 13, 0, 0, 6, -level)
            : Levels[Math.Min(level, Levels.Length) - 1];
        var sourceLog = Math.Max(MinWindowLog, BitOperations.Log2((uint)Math.Max(sourceSize - 1, 1)) + 1);
        return parameters with
        {
            WindowLog = Math.Min(parameters.WindowLog, sourceLog),
            HashLog = Math.Clamp(parameters.HashLog, MinTableLog, sourceLog + 1),
            ChainLog = Math.Clamp(parameters.ChainLog, MinTableLog, sourceLog + 1),
        };
    }
}
