namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Levels 3 and 4: a table of eight-byte hashes finds long matches, another of fewer bytes the short ones.</summary>
internal static unsafe class DoubleFastMatcher
{
    /// <summary>After so many bytes without a match, steps are one wider, and so on.</summary>
    private const int StepGrowthLog = 8;

    public static void FindSequences(MatchContext context, byte* blockStart, byte* blockEnd)
    {
        var store = context.Store;
        var longTable = context.HashTable;
        var shortTable = context.ChainTable;
        var longShift = 64 - context.Parameters.HashLog;
        var shortShift = 64 - context.Parameters.ChainLog;
        var wordShift = MatchBytes.WordShift(context.Parameters.MinMatch);
        var origin = context.IndexOrigin;
        var low = context.LowestIndex(blockEnd);
        var repeat = (nint)context.Repeats.First;
        var repeat2 = (nint)context.Repeats.Second;
        var anchor = blockStart;
        var position = context.SearchStart(blockStart);
        var last = blockEnd - MatchBytes.HashRead - 1;

        while (position <= last)
        {
            var word = MatchBytes.Read64(position);
            var longHash = MatchBytes.Hash(word, 0, longShift);
            var shortHash = MatchBytes.Hash(word, wordShift, shortShift);
            var longCandidate = longTable[longHash];
            var shortCandidate = shortTable[shortHash];
            var index = (uint)(position - origin);
            longTable[longHash] = shortTable[shortHash] = index;

            byte* match;
            nint length;
            uint offsetValue;
            if (MatchBytes.Read32(position + 1 - repeat) == (uint)(word >> 8))
            {
                position++;
                length = 4 + MatchBytes.CountEqual(position + 4, position + 4 - repeat, blockEnd);
                offsetValue = 1;
            }
            else
            {
                if (longCandidate >= low && MatchBytes.Read64(origin + longCandidate) == word)
                {
                    match = origin + longCandidate;
                    length = 8 + MatchBytes.CountEqual(position + 8, match + 8, blockEnd);
                }
                else if (shortCandidate >= low && MatchBytes.Read32(origin + shortCandidate) == (uint)word)
                {
                    // A long match one byte on beats a short one here.
                    var nextWord = MatchBytes.Read64(position + 1);
                    var nextHash = MatchBytes.Hash(nextWord, 0, longShift);
                    var nextCandidate = longTable[nextHash];
                    longTable[nextHash] = index + 1;
                    if (nextCandidate >= low && MatchBytes.Read64(origin + nextCandidate) == nextWord)
                    {
                        position++;
                        match = origin + nextCandidate;
                        length = 8 + MatchBytes.CountEqual(position + 8, match + 8, blockEnd);
                    }
                    else
                    {
                        match = origin + shortCandidate;
                        length = 4 + MatchBytes.CountEqual(position + 4, match + 4, blockEnd);
                    }
                }
                else
                {
                    position += 1 + ((position - anchor) >> StepGrowthLog);
                    continue;
                }
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
            position += length;
            anchor = position;
            if (position > last) break;
            Enter(origin + index + 2, origin, longTable, longShift, shortTable, shortShift, wordShift);
            Enter(position - 2, origin, longTable, longShift, shortTable, shortShift, wordShift);
            while (position <= last && MatchBytes.Read32(position) == MatchBytes.Read32(position - repeat2))
            {
                length = 4 + MatchBytes.CountEqual(position + 4, position + 4 - repeat2, blockEnd);
                (repeat, repeat2) = (repeat2, repeat);
                Enter(position, origin, longTable, longShift, shortTable, shortShift, wordShift);
                store.Add(anchor, 0, 1, length);
                position += length;
                anchor = position;
            }
        }

        store.AddTail(anchor, (nint)(blockEnd - anchor));
        context.Repeats.First = (uint)repeat;
        context.Repeats.Second = (uint)repeat2;
    }

    private static void Enter(
        byte* at, byte* origin, uint* longTable, int longShift, uint* shortTable, int shortShift, int wordShift)
    {
        var word = MatchBytes.Read64(at);
        longTable[MatchBytes.Hash(word, 0, longShift)] = (uint)(at - origin);
        shortTable[MatchBytes.Hash(word, wordShift, shortShift)] = (uint)(at - origin);
    }
}
