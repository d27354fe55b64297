using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Moldau.Protocol.Checksums;

/// <summary>
/// The CRC instruction takes three cycles but one can start every cycle: three stretches of the input go through it side
/// by side. Their registers are joined by moving the first two over the bytes that follow them, which is a carry-less
/// multiplication each.
/// </summary>
internal static class ThreeWayCrc32C
{
    /// <summary>Below this not even one short round of three fits.</summary>
    public const int ShortestWorthwhile = 3 * ShortStretch;

    private const int ShortStretch = 128;
    private const int LongStretch = 1024;

    public static bool IsSupported => Pclmulqdq.IsSupported && Sse42.X64.IsSupported;

    public static uint Update(uint register, ReadOnlySpan<byte> data)
    {
        ref var next = ref MemoryMarshal.GetReference(data);
        var left = data.Length;
        for (; left >= 3 * LongStretch; left -= 3 * LongStretch, next = ref Unsafe.Add(ref next, 3 * LongStretch))
            register = Round(register, ref next, LongStretch, RegisterDistance.ByOneLong, RegisterDistance.ByTwoLong);
        for (; left >= 3 * ShortStretch; left -= 3 * ShortStretch, next = ref Unsafe.Add(ref next, 3 * ShortStretch))
            register = Round(register, ref next, ShortStretch, RegisterDistance.ByOneShort, RegisterDistance.ByTwoShort);
        return InstructionCrc32C.Update(register, MemoryMarshal.CreateReadOnlySpan(ref next, left));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Round(uint register, ref byte next, int stretch, ulong byOne, ulong byTwo)
    {
        var (a, b, c) = ((ulong)register, 0UL, 0UL);
        for (nint i = 0; i < stretch; i += 16)
        {
            a = Sse42.X64.Crc32(a, Word(ref next, i));
            b = Sse42.X64.Crc32(b, Word(ref next, i + stretch));
            c = Sse42.X64.Crc32(c, Word(ref next, i + (2 * stretch)));
            a = Sse42.X64.Crc32(a, Word(ref next, i + 8));
            b = Sse42.X64.Crc32(b, Word(ref next, i + stretch + 8));
            c = Sse42.X64.Crc32(c, Word(ref next, i + (2 * stretch) + 8));
        }

        return (uint)(Sse42.X64.Crc32(0, Multiply(a, byTwo) ^ Multiply(b, byOne)) ^ c);
    }

    private static ulong Multiply(ulong register, ulong distance) =>
        Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(register), Vector128.CreateScalar(distance), 0)[0];

    private static ulong Word(ref byte next, nint offset) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref next, offset));

    /// <summary>
    /// What a register is multiplied by to stand D bits further on. The product of two reflected numbers stands one power
    /// too high, and the CRC instruction that reduces it moves it by another 32: hence x^(D-33) modulo the checksum's polynomial.
    /// A test computes them again.
    /// </summary>
    internal static class RegisterDistance
    {
        public const ulong ByOneShort = 0x0d3b6092;
        public const ulong ByTwoShort = 0xb9e02b86;
        public const ulong ByOneLong = 0x170076fa;
        public const ulong ByTwoLong = 0xa51b6135;
    }
}
