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

    /// <summary>
    /// The longest match that covers <paramref name="position"/>, starts at <paramref name="lowest"/> or later, and is longer
    /// than <paramref name="atLeast"/>, which must be more than the distance between the two; a match of length 0 when there is none.
    /// </summary>
    public Lz4Match Find(int position, int lowest, int atLeast)
    {
        InsertUpTo(position);
        var best = new Lz4Match { Length = Math.Max(atLeast, MinMatch - 1) };
        var here = _source + position;
        var first = UnalignedWords.Read32(here);
        var mostBack = position - lowest;
        int candidate = _heads[Hash(here)];
        var newer = position;
        // Chains only lead back: a candidate that is not older is the "none" at a chain's end.
        for (var left = _attempts; left > 0 && candidate < newer; left--)
        {
            var there = _source + candidate;
            // A longer match has to cover this byte wherever it starts, so most candidates need no more than one look.
            var decisive = best.Length - mostBack;
            if (here + decisive >= _matchEnd) break;
            if (there[decisive] == here[decisive] && UnalignedWords.Read32(there) == first)
            {
                var forward = MinMatch + UnalignedWords.CommonLength(here + MinMatch, there + MinMatch, _matchEnd);
                var back = 0;
                while (back < mostBack && back < candidate && there[-back - 1] == here[-back - 1]) back++;
                if (forward + back > best.Length)
                {
                    best = new Lz4Match { Start = position - back, Length = forward + back, Offset = position - candidate };
                }
            }
            newer = candidate;
            candidate = _previous[candidate];
        }
        return best.Offset == 0 ? default : best;
    }

    private void InsertUpTo(int position)
    {
        for (; _inserted < position; _inserted++)
        {
            var slot = Hash(_source + _inserted);
            _previous[_inserted] = _heads[slot];
            _heads[slot] = (ushort)_inserted;
        }
    }

    private static int Hash(byte* bytes) => (int)((UnalignedWords.Read32(bytes) * 2654435761U) >> (32 - HashBits));
}
