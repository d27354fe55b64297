namespace Moldau.Protocol.Compression.Zstd;

/// <summary>How matches are looked for, from the fastest to the most thorough.</summary>
internal enum MatchStrategy
{
    /// <summary>One hash table with one candidate.</summary>
    Fast,

    /// <summary>Two hash tables, one for long matches and one for short.</summary>
    DoubleFast,

    /// <summary>Rows of candidates per hash; the first match found is taken.</summary>
    Greedy,

    /// <summary>Rows, but a match waits for a better one at the next position.</summary>
    Lazy,

    /// <summary>Rows, and a match waits for two positions.</summary>
    Lazy2,

    /// <summary>A binary tree, and the cheapest way through its matches by estimated cost.</summary>
    Optimal,

    /// <summary>As <see cref="Optimal"/> with no shortcuts, and the first block is gone through twice to learn its costs.</summary>
    OptimalTwice,
}
