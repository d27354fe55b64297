#if NET10_0_OR_GREATER
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Moldau.Protocol.Checksums;

/// <summary>
/// Carry-less multiplication, 64 bytes an operation, four in flight: each of four accumulators is moved over the 256
/// bytes that follow it and takes in those it meets there. In the end they are joined into one, its four lanes of 16
/// bytes into one, and the CRC instruction reduces that.
/// <para>The same with 16 bytes an operation needs no AVX-512, but is no faster than <see cref="ThreeWayCrc32C"/>
/// on Intel's processors and much slower on AMD's, so there is none.</para>
/// </summary>
internal static class WideFoldingCrc32C
{
    public const int ShortestWorthwhile = Stride;

    private const int Lane = 16;
    private const int Width = 4 * Lane;
    private const int Stride = 4 * Width;

    public static bool IsSupported => Pclmulqdq.V512.IsSupported && Sse42.X64.IsSupported;

    /// <param name="register">The CRC register so far.</param>
    /// <param name="data">At least <see cref="ShortestWorthwhile"/> bytes.</param>
    public static uint Update(uint register, ReadOnlySpan<byte> data)
    {
        Debug.Assert(data.Length >= Stride);
        ref var next = ref MemoryMarshal.GetReference(data);
        var left = data.Length - Stride;
        var a = Load(ref next, 0) ^ Vector512.CreateScalar((ulong)register);
        var b = Load(ref next, Width);
        var c = Load(ref next, 2 * Width);
        var d = Load(ref next, 3 * Width);
        next = ref Unsafe.Add(ref next, Stride);

        var by2048 = InEveryLane(FoldDistance.By2048);
        for (; left >= Stride; left -= Stride, next = ref Unsafe.Add(ref next, Stride))
        {
            a = Fold(a, by2048) ^ Load(ref next, 0);
            b = Fold(b, by2048) ^ Load(ref next, Width);
            c = Fold(c, by2048) ^ Load(ref next, 2 * Width);
            d = Fold(d, by2048) ^ Load(ref next, 3 * Width);
        }

        var by512 = InEveryLane(FoldDistance.By512);
        a = Fold(a, InEveryLane(FoldDistance.By1536)) ^ Fold(b, InEveryLane(FoldDistance.By1024)) ^ (Fold(c, by512) ^ d);
        for (; left >= Width; left -= Width, next = ref Unsafe.Add(ref next, Width)) a = Fold(a, by512) ^ Load(ref next, 0);

        var last = JoinLanes(a);
        for (; left >= Lane; left -= Lane, next = ref Unsafe.Add(ref next, Lane))
            last = Fold(last, FoldDistance.By128) ^ Vector128.LoadUnsafe(ref next).AsUInt64();
        register = (uint)Sse42.X64.Crc32(Sse42.X64.Crc32(0, last[0]), last[1]);
        return InstructionCrc32C.Update(register, MemoryMarshal.CreateReadOnlySpan(ref next, left));
    }

    private static Vector128<ulong> JoinLanes(Vector512<ulong> value)
    {
        var (front, back) = (value.GetLower(), value.GetUpper());
        return Fold(front.GetLower(), FoldDistance.By384) ^ Fold(front.GetUpper(), FoldDistance.By256)
            ^ (Fold(back.GetLower(), FoldDistance.By128) ^ back.GetUpper());
    }

    private static Vector512<ulong> InEveryLane(Vector128<ulong> value) => Vector512.Create(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Fold(Vector512<ulong> value, Vector512<ulong> distance) =>
        Pclmulqdq.V512.CarrylessMultiply(value, distance, 0x00) ^ Pclmulqdq.V512.CarrylessMultiply(value, distance, 0x11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Fold(Vector128<ulong> value, Vector128<ulong> distance) =>
        Pclmulqdq.CarrylessMultiply(value, distance, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, distance, 0x11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Load(ref byte next, nuint offset) => Vector512.LoadUnsafe(ref next, offset).AsUInt64();
}
#else
namespace Moldau.Protocol.Checksums;

/// <summary>.NET 8 has no carry-less multiplication of this width.</summary>
internal static class WideFoldingCrc32C
{
    public const int ShortestWorthwhile = 256;

    public static bool IsSupported => false;

    public static uint Update(uint register, ReadOnlySpan<byte> data) => ThreeWayCrc32C.Update(register, data);
}
#endif
