using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>
/// The highest levels: of all ways through the matches of a stretch, takes the one that is cheapest by estimate. Each
/// position holds the cheapest way to it found so far, and in its turn offers its own matches to those behind it.
/// </summary>
internal sealed unsafe class OptimalParser
{
    /// <summary>How far a stretch may reach; a match beyond it is taken as it is.</summary>
    private const int MaxReach = 4096;

    private const int Unreached = int.MaxValue / 2;

    private readonly PinnedTable<OptimalNode> _nodes = new(MaxReach + 1);
    private readonly PinnedTable<Sequence> _path = new(MaxReach + 1);
    private readonly OptimalPrices _prices = new();
    private MatchContext _context = null!;
    private byte* _blockEnd;
    private byte* _stretchStart;
    private int _reach;
    private int _forcedLength;
    private uint _forcedOffsetValue;

    public void FindSequences(MatchContext context, byte* blockStart, byte* blockEnd)
    {
        _context = context;
        _blockEnd = blockEnd;
        if (blockStart != context.SourceStart)
        {
            _prices.StartBlock();
        }
        else
        {
            _prices.Start(new ReadOnlySpan<byte>(blockStart, (int)(blockEnd - blockStart)));
            if (context.Parameters.Strategy == MatchStrategy.OptimalTwice)
            {
                // A first time only to learn the prices. What that entered in the tree must not be found again.
                var repeats = context.Repeats;
                Parse(blockStart);
                context.Store.Reset(context.SourceEnd);
                context.Repeats = repeats;
                context.ForgetEntries((int)(blockEnd - blockStart));
                _prices.StartBlock();
            }
        }
        Parse(blockStart);
    }

    private void Parse(byte* blockStart)
    {
        var nodes = _nodes.Pointer;
        var anchor = blockStart;
        var position = _context.SearchStart(blockStart);
        var last = _blockEnd - MatchBytes.HashRead;
        while (position <= last)
        {
            _stretchStart = position;
            _reach = 0;
            _forcedLength = 0;
            var literalLength = (int)(position - anchor);
            nodes[0] = new OptimalNode
            {
                LiteralLength = literalLength,
                Price = _prices.LiteralLength(literalLength),
                Repeats = _context.Repeats,
            };
            Offer(0);
            if (_reach == 0 && _forcedLength == 0)
            {
                position++;
                continue;
            }
            var end = Advance(last);
            anchor = Take(end, anchor);
            position += end + _forcedLength;
        }
        _context.Store.AddTail(anchor, (nint)(_blockEnd - anchor));
    }

    /// <summary>Goes through the stretch until no match reaches further, or one is long enough to be taken unasked.</summary>
    private int Advance(byte* last)
    {
        var nodes = _nodes.Pointer;
        var thorough = _context.Parameters.Strategy == MatchStrategy.OptimalTwice;
        var current = 0;
        while (_forcedLength == 0)
        {
            Settle(++current);
            if (current == _reach) break;
            if (_stretchStart + current > last) continue;
            // Where the next position is cheaper already, what starts here hardly ever ends up on the cheapest way.
            if (!thorough && nodes[current + 1].Price <= nodes[current].Price + FixedLog2.One / 2) continue;
            Offer(current);
        }
        return current;
    }

    /// <summary>A position's turn: nothing but one more literal can still make it cheaper.</summary>
    private void Settle(int current)
    {
        var previous = _nodes.Pointer + current - 1;
        var node = previous + 1;
        var literalLength = previous->LiteralLength + 1;
        var price = previous->Price + _prices.Literal(_stretchStart[current - 1])
            + _prices.LiteralLength(literalLength) - _prices.LiteralLength(literalLength - 1);
        if (price <= node->Price)
        {
            node->Price = price;
            node->MatchLength = 0;
            node->LiteralLength = literalLength;
            node->Repeats = previous->Repeats;
            return;
        }
        var origin = node - node->MatchLength;
        node->Repeats = origin->Repeats;
        node->Repeats.Use(node->OffsetValue, origin->LiteralLength == 0);
    }

    /// <summary>Offers the matches at a position to the positions they lead to.</summary>
    private void Offer(int current)
    {
        var position = _stretchStart + current;
        var longestRepeat = OfferRepeats(current, position);
        if (_forcedLength != 0) return;
        var tree = _context.Tree;
        var count = tree.Find(_context, position, _blockEnd);
        // The longest is the last, and has to beat a repeat for its offset to pay.
        if (count > 0 && tree.Matches[count - 1].Length > longestRepeat
            && IsForced(current, tree.Matches[count - 1].Length, tree.Matches[count - 1].Offset + 3)) return;
        var shortest = SequenceStore.MinMatch;
        for (var i = 0; i < count; i++)
        {
            var match = tree.Matches[i];
            // A repeat of three bytes is always cheaper than another match of three.
            if (match.Length == SequenceStore.MinMatch && longestRepeat != 0) continue;
            Relax(current, match.Offset + 3, shortest, match.Length);
            shortest = match.Length + 1;
        }
    }

    private int OfferRepeats(int current, byte* position)
    {
        var node = _nodes.Pointer + current;
        var behind = (uint)(position - _context.SourceStart);
        // Section 3.1.1.5: without literals in front, the three codes mean other offsets.
        var shift = node->LiteralLength == 0 ? 1 : 0;
        var longest = 0;
        var lengths = stackalloc int[3];
        for (var i = 0; i < 3; i++)
        {
            lengths[i] = 0;
            var offset = node->Repeats.At(i + shift);
            if (offset - 1 >= behind) continue;
            var match = position - offset;
            if (((MatchBytes.Read32(position) ^ MatchBytes.Read32(match)) & 0xFFFFFF) != 0) continue;
            lengths[i] = (int)MatchBytes.CountEqual(position, match, _blockEnd);
            longest = Math.Max(longest, lengths[i]);
        }
        if (longest == 0) return 0;
        for (var i = 0; i < 3; i++)
        {
            if (lengths[i] == longest && IsForced(current, longest, (uint)i + 1)) return longest;
        }
        for (var i = 0; i < 3; i++)
        {
            if (lengths[i] != 0) Relax(current, (uint)i + 1, SequenceStore.MinMatch, lengths[i]);
        }
        return longest;
    }

    private bool IsForced(int current, int length, uint offsetValue)
    {
        if (length < _context.Parameters.TargetLength && current + length < MaxReach) return false;
        _forcedLength = length;
        _forcedOffsetValue = offsetValue;
        return true;
    }

    /// <summary>A match serves for all lengths up to its own.</summary>
    private void Relax(int current, uint offsetValue, int shortest, int longest)
    {
        var nodes = _nodes.Pointer;
        for (; _reach < current + longest; _reach++) nodes[_reach + 1].Price = Unreached;
        var price = nodes[current].Price + _prices.Offset(offsetValue) + _prices.LiteralLength(0);
        for (var length = shortest; length <= longest; length++)
        {
            var node = nodes + current + length;
            var total = price + _prices.MatchLength(length);
            if (total >= node->Price) continue;
            node->Price = total;
            node->MatchLength = length;
            node->OffsetValue = offsetValue;
            node->LiteralLength = 0;
        }
    }

    /// <summary>Writes down the way to a position, the forced match behind it included; returns the end of the last match.</summary>
    private byte* Take(int end, byte* anchor)
    {
        var nodes = _nodes.Pointer;
        var path = _path.Pointer;
        var steps = 0;
        for (var at = end; at > 0;)
        {
            var node = nodes + at;
            if (node->MatchLength == 0)
            {
                at--;
                continue;
            }
            at -= node->MatchLength;
            path[steps++] = new Sequence { LiteralLength = (uint)at, MatchLength = (uint)node->MatchLength, OffsetValue = node->OffsetValue };
        }
        while (steps-- > 0)
        {
            anchor = Emit(anchor, _stretchStart + path[steps].LiteralLength, path[steps].OffsetValue, (int)path[steps].MatchLength);
        }
        return _forcedLength == 0 ? anchor : Emit(anchor, _stretchStart + end, _forcedOffsetValue, _forcedLength);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Emit(byte* anchor, byte* start, uint offsetValue, int length)
    {
        var literalLength = (int)(start - anchor);
        _context.Repeats.Use(offsetValue, literalLength == 0);
        _context.Store.Add(anchor, literalLength, offsetValue, length);
        _prices.Count(anchor, literalLength, offsetValue, length);
        return start + length;
    }
}
