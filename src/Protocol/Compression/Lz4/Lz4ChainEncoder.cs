using static Moldau.Protocol.Compression.Lz4.Lz4BlockFormat;

namespace Moldau.Protocol.Compression.Lz4;

/// <summary>Compresses a block harder: a bounded search for the longest match, which gives way to a longer one that overlaps its end.</summary>
internal static unsafe class Lz4ChainEncoder
{
    public const int TableLength = Lz4MatchFinder.HeadsLength + Lz4MatchFinder.PreviousLength;

    // Past this the search costs seconds on hostile input and gains nothing that can be measured.
    private const int DeepestLevel = 13;

    // What a sequence costs besides its literals: a token and an offset.
    private const int SequenceCost = 3;

    /// <summary>Writes the encoded block to the start of <paramref name="output"/> and returns its length.</summary>
    public static int Encode(ReadOnlySpan<byte> block, Span<byte> output, Span<ushort> table, int level)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(block.Length, BlockSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, MaxEncodedLength(block.Length));
        ArgumentOutOfRangeException.ThrowIfLessThan(table.Length, TableLength);
        table[..Lz4MatchFinder.HeadsLength].Clear();
        fixed (byte* source = block, target = output)
        fixed (ushort* heads = table)
        {
            var end = source + block.Length;
            var attempts = 1 << (Math.Min(level, DeepestLevel) - 1);
            var finder = new Lz4MatchFinder(source, end - LastLiterals, heads, heads + Lz4MatchFinder.HeadsLength, attempts);
            return (int)(Encode(ref finder, source, block.Length, target) - target);
        }
    }

    private static byte* Encode(ref Lz4MatchFinder finder, byte* source, int length, byte* output)
    {
        var anchor = 0;
        var position = 1;
        var lastStart = length - LastMatchStart;
        while (position <= lastStart)
        {
            var match = finder.Find(position, position, 0);
            if (match.Length == 0)
            {
                position++;
                continue;
            }

            while (match.Length != 0)
            {
                ExtendBack(ref match, source, anchor);
                Lz4Match following;
                while (Overlapped(ref finder, match, lastStart, out following) is { Length: > 0 } longer)
                {
                    var kept = longer.Start - match.Start;
                    if (kept >= MinMatch) output = Write(output, source, ref anchor, match, kept);
                    match = longer;
                }
                output = Write(output, source, ref anchor, match, match.Length);
                match = following;
            }
            position = anchor + 1;
        }
        return Lz4SequenceWriter.Tail(output, source + anchor, length - anchor);
    }

    // A longer match that starts inside this one covers its last bytes, so one search finds it. It is taken, and this one cut
    // down to what lies in front, when together they get farther than this one whole and the one that would follow it.
    private static Lz4Match Overlapped(ref Lz4MatchFinder finder, in Lz4Match match, int lastStart, out Lz4Match following)
    {
        var end = match.Start + match.Length;
        var near = end - 2;
        var longer = near <= lastStart ? finder.Find(near, match.Start, match.Length) : default;
        following = end <= lastStart ? finder.Find(end, end, 0) : default;
        if (longer.Length == 0) return default;

        // What lies in front becomes literals when it is too short for a match; then one sequence is saved.
        var kept = longer.Start - match.Start;
        var saved = kept < MinMatch ? SequenceCost - kept : 0;
        return longer.Start + longer.Length + saved >= end + following.Length ? longer : default;
    }

    private static void ExtendBack(ref Lz4Match match, byte* source, int anchor)
    {
        while (match.Start > anchor && match.Start > match.Offset && source[match.Start - 1] == source[match.Start - match.Offset - 1])
        {
            match.Start--;
            match.Length++;
        }
    }

    private static byte* Write(byte* output, byte* source, ref int anchor, in Lz4Match match, int length)
    {
        var token = output;
        output = Lz4SequenceWriter.Literals(output, source + anchor, match.Start - anchor);
        output = Lz4SequenceWriter.Match(output, token, match.Offset, length);
        anchor = match.Start + length;
        return output;
    }
}
