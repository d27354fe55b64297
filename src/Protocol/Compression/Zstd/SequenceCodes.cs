using System.Numerics;
using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>From the fields of a sequence to their codes, the inverse of the tables in RFC 8878 section 3.1.1.3.2.1.1.</summary>
internal static class SequenceCodes
{
    // Below the first power of two from which codes are one per power, a table knows the code.
    private const int TabledLiteralLengths = 64;
    private const int TabledMatchLengths = 128 + SequenceStore.MinMatch;

    private static readonly byte[] LiteralLengthCodes = Build(SequenceAlphabet.LiteralLengths, TabledLiteralLengths);
    private static readonly byte[] MatchLengthCodes = Build(SequenceAlphabet.MatchLengths, TabledMatchLengths);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LiteralLength(uint length) =>
        length < TabledLiteralLengths ? LiteralLengthCodes[length] : BitOperations.Log2(length) + 19;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MatchLength(uint length) =>
        length < TabledMatchLengths ? MatchLengthCodes[length] : BitOperations.Log2(length - SequenceStore.MinMatch) + 36;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Offset(uint offsetValue) => BitOperations.Log2(offsetValue);

    private static byte[] Build(SequenceAlphabet alphabet, int count)
    {
        var codes = new byte[count];
        var code = 0;
        for (var value = 0u; value < count; value++)
        {
            while (code + 1 < alphabet.CodeCount && alphabet.Baselines[code + 1] <= value) code++;
            codes[value] = (byte)code;
        }
        return codes;
    }
}
