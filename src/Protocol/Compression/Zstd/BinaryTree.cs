namespace Moldau.Protocol.Compression.Zstd;

/// <summary>
/// For each hash a binary tree of positions, sorted by the bytes that follow them, with the newest at the root. Entering
/// a position walks past the positions most like it, so that it finds their matches on the way.
/// </summary>
internal sealed unsafe class BinaryTree
{
    /// <summary>A walk is that long at most, and each step can improve the match once.</summary>
    private const int MaxMatches = (1 << 10) + 1;

    // Positions inside very long matches are much like each other, and entering them all would take quadratic time.
    private const int LongMatch = 384;
    private const int MaxSkip = 192;

    // Three bytes are hardly ever worth an offset longer than this.
    private const uint MaxShortOffset = 1 << 18;
    private const int ShortLog = 16;
    private const int ShortMatch = 3;

    private readonly PinnedTable<TreeMatch> _matches = new(MaxMatches);
    private readonly NativeTable _shortMemory = new();
    private uint* _shorts;
    private uint* _roots;
    private uint* _children;
    private uint _mask;
    private int _wordShift;
    private int _hashShift;
    private int _maxSteps;

    /// <summary>What the last call of <see cref="Find"/> found, each longer than the one before and further away.</summary>
    public TreeMatch* Matches => _matches.Pointer;

    public void Attach(uint* roots, uint* children, in CompressionParameters parameters)
    {
        _roots = roots;
        _children = children;
        _mask = (1u << parameters.ChainLog) - 1;
        // The tree sorts positions that share four bytes at least; matches of three have a table with one candidate.
        _wordShift = MatchBytes.WordShift(Math.Max(parameters.MinMatch, ShortMatch + 1));
        _shorts = parameters.MinMatch > ShortMatch ? null : (uint*)_shortMemory.Ensure(sizeof(uint) << ShortLog);
        _hashShift = 64 - parameters.HashLog;
        _maxSteps = Math.Min(1 << parameters.SearchLog, MaxMatches - 1);
    }

    /// <summary>Enters all positions up to and including this one, and returns how many matches it has.</summary>
    public int Find(MatchContext context, byte* position, byte* end)
    {
        var origin = context.IndexOrigin;
        var index = (uint)(position - origin);
        var next = context.NextToEnter;
        if (next > index) return 0;
        while (next < index)
        {
            Walk(context, next, end, int.MaxValue, out var longest);
            next += longest > LongMatch ? (uint)Math.Min(MaxSkip, longest - LongMatch) : 1;
        }
        context.NextToEnter = index + 1;
        return Walk(context, index, end, _shorts == null ? ShortMatch : ShortMatch - 1, out _);
    }

    public void Clear() => _shortMemory.Clear();

    private int Walk(MatchContext context, uint index, byte* end, int longerThan, out int longest)
    {
        var origin = context.IndexOrigin;
        var position = origin + index;
        // Order in the tree is by all that follows, whatever block it lies in.
        var sourceEnd = context.SourceEnd;
        var limit = (int)(end - position);
        var low = context.LowestIndexFor(index);
        // A position's children are overwritten when as many positions as fit have followed it.
        if (index > _mask && index - _mask > low) low = index - _mask;

        var found = _shorts == null ? 0 : FindShort(position, index, low, origin, limit, ref longerThan);
        var root = _roots + MatchBytes.Hash(MatchBytes.Read64(position), _wordShift, _hashShift);
        var candidate = *root;
        *root = index;
        var smaller = _children + 2 * (nint)(index & _mask);
        var larger = smaller + 1;
        nint commonSmaller = 0, commonLarger = 0;
        longest = 0;
        for (var steps = _maxSteps; steps > 0 && candidate >= low; steps--)
        {
            var children = _children + 2 * (nint)(candidate & _mask);
            var match = origin + candidate;
            // Both bounds of the walk so far share this much with the position, and so does all in between.
            var length = Math.Min(commonSmaller, commonLarger);
            length += MatchBytes.CountEqual(position + length, match + length, sourceEnd);
            if (length > longest)
            {
                longest = (int)length;
                if (Math.Min(longest, limit) > longerThan)
                {
                    longerThan = Math.Min(longest, limit);
                    _matches.Pointer[found++] = new TreeMatch { Length = longerThan, Offset = index - candidate };
                }
                // With nothing left to compare there is no telling on which side the rest belongs; it is dropped.
                if (position + length == sourceEnd) break;
            }
            if (match[length] < position[length])
            {
                *smaller = candidate;
                commonSmaller = length;
                smaller = children + 1;
                candidate = children[1];
            }
            else
            {
                *larger = candidate;
                commonLarger = length;
                larger = children;
                candidate = children[0];
            }
        }
        *smaller = 0;
        *larger = 0;
        return found;
    }

    private int FindShort(byte* position, uint index, uint low, byte* origin, int limit, ref int longerThan)
    {
        var slot = _shorts + MatchBytes.Hash(MatchBytes.Read64(position), MatchBytes.WordShift(ShortMatch), 64 - ShortLog);
        var candidate = *slot;
        *slot = index;
        if (longerThan >= limit || candidate < low || index - candidate > MaxShortOffset) return 0;
        var length = (int)MatchBytes.CountEqual(position, origin + candidate, position + limit);
        if (length <= longerThan) return 0;
        longerThan = length;
        *_matches.Pointer = new TreeMatch { Length = length, Offset = index - candidate };
        return 1;
    }
}
