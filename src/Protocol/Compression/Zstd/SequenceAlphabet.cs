namespace Moldau.Protocol.Compression.Zstd;

/// <summary>
/// One of the three fields of a sequence: its codes, what each code stands for, and the distribution a block may use
/// without sending one (RFC 8878 sections 3.1.1.3.2.1.1 and 3.1.1.3.2.2).
/// </summary>
internal sealed class SequenceAlphabet
{
    public static readonly SequenceAlphabet LiteralLengths = new(
        "literal length", 9, 6,
        extraBits:
        [
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
        ],
        firstValue: 0,
        defaultCounts:
        [
            4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1,
            -1, -1, -1, -1,
        ]);

    public static readonly SequenceAlphabet MatchLengths = new(
        "match length", 9, 6,
        extraBits:
        [
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
        ],
        firstValue: 3,
        defaultCounts:
        [
            1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
        ]);

    // An offset code is its own number of extra bits, so that code n covers the 2^n values from 2^n on. Codes above
    // 27 cannot pass the window limit; they are decoded all the same, so that the fault named is the offset.
    public static readonly SequenceAlphabet Offsets = new(
        "offset", 8, 5,
        extraBits:
        [
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
            28, 29, 30, 31,
        ],
        firstValue: 1,
        defaultCounts: [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1]);

    private SequenceAlphabet(
        string name, int maxAccuracyLog, int defaultAccuracyLog, byte[] extraBits, uint firstValue, short[] defaultCounts)
    {
        Name = name;
        MaxAccuracyLog = maxAccuracyLog;
        DefaultAccuracyLog = defaultAccuracyLog;
        ExtraBits = extraBits;
        DefaultCounts = defaultCounts;
        Baselines = new uint[extraBits.Length];
        // Every code begins where the one before it ends.
        var next = firstValue;
        for (var code = 0; code < extraBits.Length; code++)
        {
            Baselines[code] = next;
            next += 1u << extraBits[code];
        }
    }

    public string Name { get; }

    public int MaxAccuracyLog { get; }

    public int DefaultAccuracyLog { get; }

    public byte[] ExtraBits { get; }

    public uint[] Baselines { get; }

    public short[] DefaultCounts { get; }

    public int CodeCount => ExtraBits.Length;
}
