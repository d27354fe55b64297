using static Moldau.Protocol.Compression.Lz4.Lz4BlockFormat;

namespace Moldau.Protocol.Compression.Lz4;

/// <summary>Compresses a block harder: the longest match a bounded search finds, put off while the next byte starts a longer one.</summary>
internal static unsafe class Lz4ChainEncoder
{
    public const int TableLength = Lz4MatchFinder.HeadsLength + Lz4MatchFinder.PreviousLength;

    // Past this the search costs seconds on hostile input and gains nothing that can be measured.
    private const int DeepestLevel = 13;

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
            var matchLength = finder.Find(position, 0, out var match);
            if (matchLength == 0)
            {
                position++;
                continue;
            }

            while (position < lastStart)
            {
                var laterLength = finder.Find(position + 1, matchLength, out var laterMatch);
                if (laterLength == 0) break;
                position++;
                matchLength = laterLength;
                match = laterMatch;
            }

            while (position > anchor && match > 0 && source[position - 1] == source[match - 1])
            {
                position--;
                match--;
                matchLength++;
            }

            var token = output;
            output = Lz4SequenceWriter.Literals(output, source + anchor, position - anchor);
            output = Lz4SequenceWriter.Match(output, token, position - match, matchLength);
            position += matchLength;
            anchor = position;
        }
        return Lz4SequenceWriter.Tail(output, source + anchor, length - anchor);
    }
}
