namespace Moldau.Protocol.Compression.Zstd;

/// <summary>
/// What a literal or a match is likely to cost once the block's entropy coding is done, guessed from what was chosen so
/// far. All prices are in 1/256 bit.
/// </summary>
internal sealed unsafe class OptimalPrices
{
    /// <summary>Guesses follow the content: what happened longer ago than about so many symbols counts less.</summary>
    private const uint Memory = 1 << 13;

    private const int RefreshInterval = 256;

    /// <summary>Lengths below this have their price looked up at once and not by way of their code.</summary>
    private const int TabledLengths = 256;

    // A sequence takes time to decode; of two equally cheap ways the one with fewer is better.
    private const int SequenceSurcharge = FixedLog2.One / 5;

    private readonly Field _literals = new(256, null);
    private readonly Field _literalLengths = new(SequenceAlphabet.LiteralLengths.CodeCount, SequenceAlphabet.LiteralLengths);
    private readonly Field _matchLengths = new(SequenceAlphabet.MatchLengths.CodeCount, SequenceAlphabet.MatchLengths);
    private readonly Field _offsets = new(SequenceAlphabet.Offsets.CodeCount, SequenceAlphabet.Offsets);
    private readonly PinnedTable<int> _shortMatches = new(TabledLengths);
    private readonly PinnedTable<int> _shortLiteralRuns = new(TabledLengths);
    private int _untilRefresh;

    /// <summary>Before anything is chosen, all bytes of the block count as literals and short lengths as likely.</summary>
    public void Start(ReadOnlySpan<byte> firstBlock)
    {
        _literals.Fill(1);
        foreach (var value in firstBlock) _literals.Count(value, 1);
        _literals.Fade(Memory / 4);
        _literalLengths.Fill(1);
        _literalLengths.Count(0, 4);
        _literalLengths.Count(1, 2);
        _matchLengths.Fill(1);
        _offsets.Fill(1);
        // Repeats and middling distances are the most common.
        _offsets.Count(0, 5);
        for (var code = 5; code < 12; code++) _offsets.Count(code, 2);
        Refresh();
    }

    public void StartBlock()
    {
        _literals.Fade(Memory);
        _literalLengths.Fade(Memory / 4);
        _matchLengths.Fade(Memory / 4);
        _offsets.Fade(Memory / 4);
        Refresh();
    }

    public int Literal(byte value) => _literals.Prices[value];

    public int LiteralLength(int length) => length < TabledLengths
        ? _shortLiteralRuns.Pointer[length]
        : _literalLengths.Prices[SequenceCodes.LiteralLength((uint)length)];

    public int MatchLength(int length) => length < TabledLengths
        ? _shortMatches.Pointer[length]
        : _matchLengths.Prices[SequenceCodes.MatchLength((uint)length)];

    public int Offset(uint offsetValue) => _offsets.Prices[SequenceCodes.Offset(offsetValue)] + SequenceSurcharge;

    /// <summary>Learns from a sequence that was chosen.</summary>
    public void Count(byte* literals, int literalLength, uint offsetValue, int matchLength)
    {
        for (var i = 0; i < literalLength; i++) _literals.Count(literals[i], 1);
        _literalLengths.Count(SequenceCodes.LiteralLength((uint)literalLength), 1);
        _matchLengths.Count(SequenceCodes.MatchLength((uint)matchLength), 1);
        _offsets.Count(SequenceCodes.Offset(offsetValue), 1);
        if (--_untilRefresh <= 0) Refresh();
    }

    private void Refresh()
    {
        _untilRefresh = RefreshInterval;
        _literals.Refresh();
        _literalLengths.Refresh();
        _matchLengths.Refresh();
        _offsets.Refresh();
        for (var length = 0; length < TabledLengths; length++)
        {
            _shortLiteralRuns.Pointer[length] = _literalLengths.Prices[SequenceCodes.LiteralLength((uint)length)];
        }
        for (var length = SequenceStore.MinMatch; length < TabledLengths; length++)
        {
            _shortMatches.Pointer[length] = _matchLengths.Prices[SequenceCodes.MatchLength((uint)length)];
        }
    }

    /// <summary>How often each symbol of one alphabet occurred, and what it costs with its extra bits.</summary>
    private sealed class Field(int symbolCount, SequenceAlphabet? alphabet)
    {
        private readonly PinnedTable<int> _prices = new(symbolCount);
        private readonly uint[] _counts = new uint[symbolCount];
        private uint _total;

        public int* Prices => _prices.Pointer;

        public void Fill(uint count)
        {
            _counts.AsSpan().Fill(count);
            _total = count * (uint)_counts.Length;
        }

        public void Count(int symbol, uint times)
        {
            _counts[symbol] += times;
            _total += times;
        }

        public void Fade(uint target)
        {
            if (_total <= target) return;
            var scale = target / (float)_total;
            _total = 0;
            for (var i = 0; i < _counts.Length; i++)
            {
                // Nothing is ever impossible.
                _counts[i] = 1 + (uint)(_counts[i] * scale);
                _total += _counts[i];
            }
        }

        public void Refresh()
        {
            var whole = MathF.Log2(_total);
            for (var i = 0; i < _counts.Length; i++)
            {
                var extraBits = alphabet?.ExtraBits[i] ?? 0;
                var bits = whole - MathF.Log2(_counts[i]);
                // A Huffman code has one bit at least, however common its literal; FSE knows no such bound.
                if (alphabet is null) bits = Math.Max(bits, 1);
                Prices[i] = (int)((bits + extraBits) * FixedLog2.One);
            }
        }
    }
}
