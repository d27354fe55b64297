namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Writes the sequences section of a block (RFC 8878 section 3.1.1.3.2).</summary>
internal sealed unsafe class SequencesEncoder
{
    private const int MaxSequences = ZstdFormat.MaxBlockSize / SequenceStore.MinMatch + 1;

    private readonly SequenceTableChooser _literalLengths = new(SequenceAlphabet.LiteralLengths);
    private readonly SequenceTableChooser _offsets = new(SequenceAlphabet.Offsets);
    private readonly SequenceTableChooser _matchLengths = new(SequenceAlphabet.MatchLengths);
    private readonly PinnedTable<byte> _literalCodes = new(MaxSequences);
    private readonly PinnedTable<byte> _offsetCodes = new(MaxSequences);
    private readonly PinnedTable<byte> _matchCodes = new(MaxSequences);

    public void StartFrame()
    {
        _literalLengths.StartFrame();
        _offsets.StartFrame();
        _matchLengths.StartFrame();
    }

    /// <summary>The block goes out with the section written last, so its tables can be repeated.</summary>
    public void Commit()
    {
        _literalLengths.Commit();
        _offsets.Commit();
        _matchLengths.Commit();
    }

    /// <summary>Returns the byte behind the section, or null when it would pass <paramref name="limit"/>.</summary>
    public byte* Write(Sequence* sequences, int count, byte* output, byte* limit)
    {
        output = WriteCount(output, count);
        if (count == 0) return output;

        Span<uint> literalHistogram = stackalloc uint[SequenceAlphabet.LiteralLengths.CodeCount];
        Span<uint> offsetHistogram = stackalloc uint[SequenceAlphabet.Offsets.CodeCount];
        Span<uint> matchHistogram = stackalloc uint[SequenceAlphabet.MatchLengths.CodeCount];
        literalHistogram.Clear();
        offsetHistogram.Clear();
        matchHistogram.Clear();
        FindCodes(sequences, count, literalHistogram, offsetHistogram, matchHistogram);

        var modes = output++;
        var literalMode = _literalLengths.Choose(Used(literalHistogram), count, ref output);
        var offsetMode = _offsets.Choose(Used(offsetHistogram), count, ref output);
        var matchMode = _matchLengths.Choose(Used(matchHistogram), count, ref output);
        *modes = (byte)(((int)literalMode << 6) | ((int)offsetMode << 4) | ((int)matchMode << 2));
        return output >= limit ? null : WriteStream(sequences, count, output, limit);
    }

    private static ReadOnlySpan<uint> Used(Span<uint> histogram) => histogram[..(histogram.LastIndexOfAnyExcept(0u) + 1)];

    private static byte* WriteCount(byte* output, int count)
    {
        if (count < 128)
        {
            *output++ = (byte)count;
        }
        else if (count < 0x7F00)
        {
            *output++ = (byte)((count >> 8) + 128);
            *output++ = (byte)count;
        }
        else
        {
            *output++ = 255;
            *output++ = (byte)(count - 0x7F00);
            *output++ = (byte)((count - 0x7F00) >> 8);
        }
        return output;
    }

    private void FindCodes(Sequence* sequences, int count, Span<uint> literalHistogram, Span<uint> offsetHistogram, Span<uint> matchHistogram)
    {
        var literalCodes = _literalCodes.Pointer;
        var offsetCodes = _offsetCodes.Pointer;
        var matchCodes = _matchCodes.Pointer;
        for (var i = 0; i < count; i++)
        {
            var literal = SequenceCodes.LiteralLength(sequences[i].LiteralLength);
            var offset = SequenceCodes.Offset(sequences[i].OffsetValue);
            var match = SequenceCodes.MatchLength(sequences[i].MatchLength);
            literalHistogram[literal]++;
            offsetHistogram[offset]++;
            matchHistogram[match]++;
            literalCodes[i] = (byte)literal;
            offsetCodes[i] = (byte)offset;
            matchCodes[i] = (byte)match;
        }
    }

    private byte* WriteStream(Sequence* sequences, int count, byte* output, byte* limit)
    {
        var writer = new BitWriter(output);
        FseEncodeTable literalTable = _literalLengths.Table, offsetTable = _offsets.Table, matchTable = _matchLengths.Table;
        byte* literalCodes = _literalCodes.Pointer, offsetCodes = _offsetCodes.Pointer, matchCodes = _matchCodes.Pointer;
        var last = count - 1;
        var literalState = literalTable.FirstState(literalCodes[last]);
        var offsetState = offsetTable.FirstState(offsetCodes[last]);
        var matchState = matchTable.FirstState(matchCodes[last]);
        fixed (byte* literalBits = SequenceAlphabet.LiteralLengths.ExtraBits, matchBits = SequenceAlphabet.MatchLengths.ExtraBits)
        {
            AddExtraBits(ref writer, sequences + last, literalBits[literalCodes[last]], offsetCodes[last], matchBits[matchCodes[last]]);
            ushort* literalStates = literalTable.States, offsetStates = offsetTable.States, matchStates = matchTable.States;
            FseEncodeTable.Step* literalSteps = literalTable.Steps, offsetSteps = offsetTable.Steps, matchSteps = matchTable.Steps;
            for (var i = last - 1; i >= 0; i--)
            {
                // The reverse of the order in which section 3.1.1.3.2.1.2 has them read; 26 bits at most.
                offsetState = FseEncodeTable.Encode(ref writer, offsetStates, offsetSteps, offsetState, offsetCodes[i]);
                matchState = FseEncodeTable.Encode(ref writer, matchStates, matchSteps, matchState, matchCodes[i]);
                literalState = FseEncodeTable.Encode(ref writer, literalStates, literalSteps, literalState, literalCodes[i]);
                AddExtraBits(ref writer, sequences + i, literalBits[literalCodes[i]], offsetCodes[i], matchBits[matchCodes[i]]);
                if (writer.Position >= limit) return null;
            }
        }
        AddState(ref writer, matchState, matchTable.AccuracyLog);
        AddState(ref writer, offsetState, offsetTable.AccuracyLog);
        AddState(ref writer, literalState, literalTable.AccuracyLog);
        return writer.Close();
    }

    private static void AddExtraBits(ref BitWriter writer, Sequence* sequence, int literalBits, int offsetBits, int matchBits)
    {
        // Seven bits may be left from the flush before, and states took up to 26.
        var split = literalBits + offsetBits + matchBits > 30;
        if (split) writer.Flush();
        writer.Add(sequence->LiteralLength & ((1u << literalBits) - 1), literalBits);
        writer.Add((sequence->MatchLength - SequenceStore.MinMatch) & ((1u << matchBits) - 1), matchBits);
        if (split) writer.Flush();
        writer.Add(sequence->OffsetValue & ((1u << offsetBits) - 1), offsetBits);
        writer.Flush();
    }

    private static void AddState(ref BitWriter writer, uint state, int accuracyLog)
    {
        writer.Add(state & ((1u << accuracyLog) - 1), accuracyLog);
        writer.Flush();
    }
}
