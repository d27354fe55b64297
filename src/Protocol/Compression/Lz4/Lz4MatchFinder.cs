using static Moldau.Protocol.Compression.Lz4.Lz4BlockFormat;

namespace Moldau.Protocol.Compression.Lz4;

/// <summary>
/// Finds the longest match by walking a chain of the earlier positions with the same hash, newest first.
/// Positions are 16 bits wide; 0 also stands for "none", which costs at most one useless comparison.
/// </summary>
internal unsafe ref struct Lz4MatchFinder(byte* source, byte* matchEnd, ushort* heads, ushort* previous, int attempts)
{
    public const int HeadsLength = 1 << HashBits;
    public const int PreviousLength = BlockSize;

    private const int HashBits = 15;

    private readonly byte* _source = source;
    private readonly byte* _matchEnd = matchEnd;
    private readonly ushort* _heads = heads;
    private readonly ushort* _previous = previous;
    private readonly int _attempts = attempts;
    private int _inserted;

    /// <summary>The length of the longest match at <paramref name="position"/> that is longer than <paramref name="atLeast"/>, or 0.</summary>
    public int Find(int position, int atLeast, out int match)
    {
        for (; _inserted < position; _inserted++)
        {
            var slot = Hash(_source + _inserted);
            _previous[_inserted] = _heads[slot];
            _heads[slot] = (ushort)_inserted;
        }

        match = 0;
        var here = _source + position;
        var longestPossible = (int)(_matchEnd - here);
        var best = Math.Max(atLeast, MinMatch - 1);
        var found = 0;
        if (best >= longestPossible) return 0;
        var first = UnalignedWords.Read32(here);
        int candidate = _heads[Hash(here)];
        var newer = position;
        // Chains only lead back: a candidate that is not older is the "none" at a chain's end.
        for (var left = _attempts; left > 0 && candidate < newer; left--)
        {
            var there = _source + candidate;
            if (there[best] == here[best] && UnalignedWords.Read32(there) == first)
            {
                var length = MinMatch + UnalignedWords.CommonLength(here + MinMatch, there + MinMatch, _matchEnd);
                if (length > best)
                {
                    best = found = length;
                    match = candidate;
                    if (best >= longestPossible) break;
                }
            }
            newer = candidate;
            candidate = _previous[candidate];
        }
        return found;
    }

    private static int Hash(byte* bytes) => (int)((UnalignedWords.Read32(bytes) * 2654435761U) >> (32 - HashBits));
}
