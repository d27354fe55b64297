using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Moldau.Protocol.Checksums;

/// <summary>
/// The processor's CRC instruction, eight bytes a step. Each step waits for the one before, three cycles on most
/// processors, so this is for short input, for the ends of long input, and for ARM.
/// </summary>
internal static class InstructionCrc32C
{
    /// <summary>Without the instruction BitOperations looks up a table byte by byte, and eight tables at once are faster.</summary>
    public static bool IsSupported => Sse42.IsSupported || Crc32.IsSupported;

    public static uint Update(uint register, ReadOnlySpan<byte> data)
    {
        ref var next = ref MemoryMarshal.GetReference(data);
        var left = data.Length;
        for (; left >= 32; left -= 32, next = ref Unsafe.Add(ref next, 32))
        {
            register = BitOperations.Crc32C(register, Unsafe.ReadUnaligned<ulong>(ref next));
            register = BitOperations.Crc32C(register, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref next, 8)));
            register = BitOperations.Crc32C(register, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref next, 16)));
            register = BitOperations.Crc32C(register, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref next, 24)));
        }

        for (; left >= 8; left -= 8, next = ref Unsafe.Add(ref next, 8)) register = BitOperations.Crc32C(register, Unsafe.ReadUnaligned<ulong>(ref next));
        if ((left & 4) != 0)
        {
            register = BitOperations.Crc32C(register, Unsafe.ReadUnaligned<uint>(ref next));
            next = ref Unsafe.Add(ref next, 4);
        }

        if ((left & 2) != 0)
        {
            register = BitOperations.Crc32C(register, Unsafe.ReadUnaligned<ushort>(ref next));
            next = ref Unsafe.Add(ref next, 2);
        }

        return (left & 1) != 0 ? BitOperations.Crc32C(register, next) : register;
    }
}
