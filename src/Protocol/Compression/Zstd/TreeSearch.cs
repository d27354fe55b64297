using System.Numerics;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Candidates from a binary tree; a longer match has to make up for what its offset costs more.</summary>
internal readonly unsafe struct TreeSearch(MatchContext context) : IMatchSearch
{
    private readonly BinaryTree _tree = context.Tree;
    private readonly MatchContext _context = context;

    public nint Find(byte* position, byte* end, out uint offset)
    {
        var count = _tree.Find(_context, position, end, SequenceStore.MinMatch);
        offset = 0;
        nint best = 0;
        for (var i = 0; i < count; i++)
        {
            var match = _tree.Matches[i];
            if (best != 0 && 4 * (match.Length - best) <= BitOperations.Log2(match.Offset + 1) - BitOperations.Log2(offset + 1)) continue;
            best = match.Length;
            offset = match.Offset;
        }
        return best;
    }
}
