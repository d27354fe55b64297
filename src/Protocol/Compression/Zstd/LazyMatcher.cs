using System.Numerics;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Levels 5 to 12: a match is put off when one of the next positions offers more for its cost.</summary>
internal static unsafe class LazyMatcher
{
    /// <summary>After so many bytes without a match, steps are one wider, and so on.</summary>
    private const int StepGrowthLog = 8;

    private const int ShortestMatch = 4;

    public static void FindSequences(MatchContext context, byte* blockStart, byte* blockEnd)
    {
        var rows = context.Rows;
        // How many positions a match waits for a better one.
        var patience = context.Parameters.Strategy - MatchStrategy.Greedy;
        var store = context.Store;
        var repeat = (nint)context.Repeats.First;
        var repeat2 = (nint)context.Repeats.Second;
        var anchor = blockStart;
        var position = context.SearchStart(blockStart);
        var last = blockEnd - MatchBytes.HashRead - 1;
        var lowest = context.SourceStart;

        while (position <= last)
        {
            var start = position + 1;
            var length = RepeatLength(start, repeat, blockEnd);
            var offsetValue = 1u;
            if (length == 0 || patience > 0)
            {
                var found = rows.Find(context, position, blockEnd, out var offset);
                if (found > length)
                {
                    length = found;
                    start = position;
                    offsetValue = offset + 3;
                }
            }
            if (length < ShortestMatch)
            {
                position += 1 + ((position - anchor) >> StepGrowthLog);
                continue;
            }

            var waited = 0;
            for (var ahead = position + 1; waited < patience && ahead <= last; ahead++)
            {
                waited++;
                var repeated = RepeatLength(ahead, repeat, blockEnd);
                if (repeated != 0 && BetterRepeat(repeated, length, offsetValue, waited))
                {
                    (length, offsetValue, waited) = (repeated, 1, 0);
                    start = ahead;
                }
                var found = rows.Find(context, ahead, blockEnd, out var offset);
                if (found >= ShortestMatch && BetterMatch(found, offset + 3, length, offsetValue, waited))
                {
                    (length, offsetValue, waited) = (found, offset + 3, 0);
                    start = ahead;
                }
            }

            if (offsetValue > 3)
            {
                var distance = (nint)offsetValue - 3;
                while (start > anchor && start - distance > lowest && start[-1] == start[-1 - distance])
                {
                    start--;
                    length++;
                }
                repeat2 = repeat;
                repeat = distance;
            }
            store.Add(anchor, (nint)(start - anchor), offsetValue, length);
            position = anchor = start + length;

            // Without literals in front, repeat code 1 means the offset before the last (RFC 8878 section 3.1.1.5).
            while (position <= last && (length = RepeatLength(position, repeat2, blockEnd)) != 0)
            {
                (repeat, repeat2) = (repeat2, repeat);
                store.Add(anchor, 0, 1, length);
                position = anchor = position + length;
            }
        }

        store.AddTail(anchor, (nint)(blockEnd - anchor));
        context.Repeats.First = (uint)repeat;
        context.Repeats.Second = (uint)repeat2;
    }

    private static nint RepeatLength(byte* position, nint offset, byte* end) =>
        MatchBytes.Read32(position) == MatchBytes.Read32(position - offset)
            ? 4 + MatchBytes.CountEqual(position + 4, position + 4 - offset, end)
            : 0;

    /// <summary>A matched byte is worth about four bits, an offset costs as many as it has, and waiting costs a literal.</summary>
    private static bool BetterMatch(nint length, uint offsetValue, nint than, uint thanOffsetValue, int waited) =>
        length * 4 - BitOperations.Log2(offsetValue) > than * 4 - BitOperations.Log2(thanOffsetValue) + (waited == 0 ? 0 : 3 * waited + 1);

    private static bool BetterRepeat(nint length, nint than, uint thanOffsetValue, int waited)
    {
        var weight = waited == 1 ? 3 : 4;
        return length * weight > than * weight - BitOperations.Log2(thanOffsetValue) + 1;
    }
}
