namespace Moldau.Protocol.Compression.Zstd;

/// <summary>
/// Picks, block by block, the cheapest way to describe the codes of one sequence field, and remembers the table a
/// later block may repeat.
/// </summary>
internal sealed unsafe class SequenceTableChooser
{
    private readonly SequenceAlphabet _alphabet;
    private readonly FseEncodeTable _predefined = new();
    private FseEncodeTable _previous = new();
    private FseEncodeTable _fresh = new();
    private bool _hasPrevious;
    private SequenceTableMode _mode;

    public SequenceTableChooser(SequenceAlphabet alphabet)
    {
        _alphabet = alphabet;
        _predefined.Build(alphabet.DefaultCounts, alphabet.DefaultAccuracyLog);
        Table = _predefined;
    }

    public FseEncodeTable Table { get; private set; }

    public void StartFrame() => _hasPrevious = false;

    /// <summary>Takes over what <see cref="Choose"/> chose: the block was written that way and the reader has the table.</summary>
    public void Commit()
    {
        switch (_mode)
        {
            case SequenceTableMode.Compressed:
                (_previous, _fresh) = (_fresh, _previous);
                _hasPrevious = true;
                break;
            case SequenceTableMode.Repeat:
                break;
            default:
                // To repeat these saves nothing over naming them again.
                _hasPrevious = false;
                break;
        }
    }

    /// <summary>Chooses, writes the description of the table if it needs one, and moves <paramref name="output"/> past it.</summary>
    /// <param name="histogram">How often each code occurs, up to the highest that does.</param>
    public SequenceTableMode Choose(ReadOnlySpan<uint> histogram, int count, ref byte* output)
    {
        var predefinedCost = _predefined.Cost(histogram) ?? long.MaxValue;
        var repeatCost = _hasPrevious ? _previous.Cost(histogram) ?? long.MaxValue : long.MaxValue;
        var known = Math.Min(predefinedCost, repeatCost);
        if (histogram[^1] == count)
        {
            // One code throughout: naming it takes a byte, and a description would need a second code to describe.
            if (known > 8 * FixedLog2.One) return ChooseSingle(histogram.Length - 1, ref output);
        }
        else if (count >= 16 || known == long.MaxValue)
        {
            // With fewer codes than that a description costs more than it saves.
            var end = WriteFresh(histogram, count, output, out var freshCost);
            if (freshCost < known)
            {
                output = end;
                Table = _fresh;
                return _mode = SequenceTableMode.Compressed;
            }
        }
        if (repeatCost < predefinedCost)
        {
            Table = _previous;
            return _mode = SequenceTableMode.Repeat;
        }
        Table = _predefined;
        return _mode = SequenceTableMode.Predefined;
    }

    private SequenceTableMode ChooseSingle(int code, ref byte* output)
    {
        _fresh.BuildSingle(code);
        Table = _fresh;
        *output++ = (byte)code;
        return _mode = SequenceTableMode.Rle;
    }

    private byte* WriteFresh(ReadOnlySpan<uint> histogram, int count, byte* output, out long cost)
    {
        Span<short> counts = stackalloc short[histogram.Length];
        var accuracyLog = FseNormalizer.ChooseAccuracyLog(_alphabet.MaxAccuracyLog, count, histogram.Length);
        FseNormalizer.Normalize(histogram, count, accuracyLog, counts);
        _fresh.Build(counts, accuracyLog);
        var end = FseDistributionWriter.Write(output, counts, accuracyLog);
        cost = (_fresh.Cost(histogram) ?? long.MaxValue) + (end - output) * 8 * FixedLog2.One;
        return end;
    }
}
