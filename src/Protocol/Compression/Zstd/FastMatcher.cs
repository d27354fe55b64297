namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Level 1 and below: one candidate per hash, and steps that widen where nothing is found.</summary>
internal static unsafe class FastMatcher
{
    /// <summary>After so many bytes without a match, steps are one wider, and so on.</summary>
    private const int StepGrowthLog = 7;

    public static void FindSequences(MatchContext context, byte* blockStart, byte* blockEnd)
    {
        var store = context.Store;
        var table = context.HashTable;
        var origin = context.IndexOrigin;
        var low = context.LowestIndex(blockEnd);
        var wordShift = MatchBytes.WordShift(context.Parameters.MinMatch);
        var tableShift = 64 - context.Parameters.HashLog;
        var baseStep = context.Parameters.TargetLength + 2;
        var repeat = (nint)context.Repeats.First;
        var repeat2 = (nint)context.Repeats.Second;
        var anchor = blockStart;
        var position = context.SearchStart(blockStart);
        // Two positions are looked at, and a hash reads eight bytes.
        var last = blockEnd - MatchBytes.HashRead - 1;

        while (position <= last)
        {
            // The bytes of both positions, so that the second's comparisons need no further loads.
            var word = MatchBytes.Read64(position);
            var word2 = MatchBytes.Read64(position + 1);
            var hash = MatchBytes.Hash(word, wordShift, tableShift);
            var hash2 = MatchBytes.Hash(word2, wordShift, tableShift);
            var candidate = table[hash];
            var candidate2 = table[hash2];
            var index = (uint)(position - origin);
            table[hash] = index;
            table[hash2] = index + 1;

            byte* match;
            nint length;
            uint offsetValue;
            if (MatchBytes.Read32(position + 2 - repeat) == (uint)(word2>>8))
            {
                position+=2;
                match = position - repeat;
                length = 4 + MatchBytes.CountEqual(position + 4, match + 4, blockEnd);
                offsetValue = 1;
                // Without a literal in front, the code would mean another offset.
                if (position[-1] == match[-1])
                {
                    position--;
                    length++;
                }
            }
            else
            {
                if (candidate >= low && MatchBytes.Read32(origin + candidate) == (uint)word)
                {
                    match = origin + candidate;
                }
                else if (candidate2 >= low && MatchBytes.Read32(origin + candidate2) == (uint)word2)
                {
                    match = origin + candidate2;
                    position++;
                }
                else
                {
                    position += baseStep + ((position - anchor) >> StepGrowthLog);
                    continue;
                }
                length = 4 + MatchBytes.CountEqual(position + 4, match + 4, blockEnd);
                var lowest = origin + low;
                while (position > anchor && match > lowest && position[-1] == match[-1])
                {
                    position--;
                    match--;
                    length++;
                }
                repeat2 = repeat;
                repeat = (nint)(position - match);
                offsetValue = (uint)repeat + 3;
            }

            store.Add(anchor, (nint)(position - anchor), offsetValue, length);
            var start = position;
            position += length;
            anchor = position;
            if (position > last) break;
            table[MatchBytes.Hash(MatchBytes.Read64(start + 2), wordShift, tableShift)] = (uint)(start + 2 - origin);
            table[MatchBytes.Hash(MatchBytes.Read64(position - 2), wordShift, tableShift)] = (uint)(position - 2 - origin);
            // Without literals in front, repeat code 1 means the offset before the last (RFC 8878 section 3.1.1.5).
            while (position <= last && MatchBytes.Read32(position) == MatchBytes.Read32(position - repeat2))
            {
                length = 4 + MatchBytes.CountEqual(position + 4, position + 4 - repeat2, blockEnd);
                (repeat, repeat2) = (repeat2, repeat);
                table[MatchBytes.Hash(MatchBytes.Read64(position), wordShift, tableShift)] = (uint)(position - origin);
                store.Add(anchor, 0, 1, length);
                position += length;
                anchor = position;
            }
        }

        store.AddTail(anchor, (nint)(blockEnd - anchor));
        context.Repeats.First = (uint)repeat;
        context.Repeats.Second = (uint)repeat2;
    }
}
