using System.Numerics;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>The decoding table for one field of a sequence, kept from block to block for the repeat mode.</summary>
internal sealed unsafe class SequenceTable
{
    private const int MaxStates = 1 << 9;

    private static readonly SequenceTable PredefinedLiteralLengths = BuildPredefined(SequenceAlphabet.LiteralLengths);
    private static readonly SequenceTable PredefinedOffsets = BuildPredefined(SequenceAlphabet.Offsets);
    private static readonly SequenceTable PredefinedMatchLengths = BuildPredefined(SequenceAlphabet.MatchLengths);

    private readonly SequenceAlphabet _alphabet;
    private readonly PinnedTable<SequenceCell> _own = new(MaxStates);

    public SequenceTable(SequenceAlphabet alphabet) => _alphabet = alphabet;

    /// <summary>The states in use: this table's own or the predefined ones; null until a block of the frame brings some.</summary>
    public SequenceCell* Cells { get; private set; }

    public int AccuracyLog { get; private set; }

    /// <summary>A new frame has nothing to repeat.</summary>
    public void Forget() => Cells = null;

    /// <summary>Takes up the table of a block's sequences section and returns the byte behind its description.</summary>
    public byte* Read(InputRange input, SequenceTableMode mode)
    {
        switch (mode)
        {
            case SequenceTableMode.Predefined:
                var predefined = Predefined();
                Cells = predefined.Cells;
                AccuracyLog = predefined.AccuracyLog;
                return input.Start;
            case SequenceTableMode.Rle:
                return ReadSingle(input);
            case SequenceTableMode.Compressed:
                Span<short> counts = stackalloc short[_alphabet.CodeCount];
                var end = FseDistributionReader.Read(input, _alphabet.MaxAccuracyLog, counts, out var accuracyLog, out var symbolCount);
                Build(counts[..symbolCount], accuracyLog);
                return end;
            default:
                if (Cells == null) throw input.Corrupt($"a block repeats the {_alphabet.Name} table but none came before it");
                return input.Start;
        }
    }

    private SequenceTable Predefined()
    {
        if (_alphabet == SequenceAlphabet.LiteralLengths) return PredefinedLiteralLengths;
        return _alphabet == SequenceAlphabet.Offsets ? PredefinedOffsets : PredefinedMatchLengths;
    }

    private byte* ReadSingle(InputRange input)
    {
        if (input.Length < 1) throw input.Corrupt($"truncated before the only {_alphabet.Name} code");
        var code = input.Start[0];
        if (code >= _alphabet.CodeCount) throw input.Corrupt($"{_alphabet.Name} code {code} does not exist");
        *_own.Pointer = new SequenceCell { ExtraBits = _alphabet.ExtraBits[code], Baseline = _alphabet.Baselines[code] };
        Cells = _own.Pointer;
        AccuracyLog = 0;
        return input.Start + 1;
    }

    private static SequenceTable BuildPredefined(SequenceAlphabet alphabet)
    {
        var table = new SequenceTable(alphabet);
        table.Build(alphabet.DefaultCounts, alphabet.DefaultAccuracyLog);
        return table;
    }

    private void Build(ReadOnlySpan<short> counts, int accuracyLog)
    {
        var symbols = stackalloc byte[MaxStates];
        FseLayout.Spread(counts, accuracyLog, symbols);

        // Section 4.1.1: the states of a symbol, in order, share out the whole range of next states.
        var next = stackalloc ushort[64];
        for (var symbol = 0; symbol < counts.Length; symbol++) next[symbol] = (ushort)(counts[symbol] == -1 ? 1 : counts[symbol]);
        fixed (byte* extraBits = _alphabet.ExtraBits)
        fixed (uint* baselines = _alphabet.Baselines)
        {
            var cells = _own.Pointer;
            var size = 1 << accuracyLog;
            for (var state = 0; state < size; state++)
            {
                var symbol = symbols[state];
                uint share = next[symbol]++;
                var bits = accuracyLog - BitOperations.Log2(share);
                cells[state] = new SequenceCell
                {
                    NextState = (ushort)((share << bits) - (uint)size),
                    StateBits = (byte)bits,
                    ExtraBits = extraBits[symbol],
                    Baseline = baselines[symbol],
                };
            }
        }
        Cells = _own.Pointer;
        AccuracyLog = accuracyLog;
    }
}
