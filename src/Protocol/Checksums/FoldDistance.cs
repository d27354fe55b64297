using System.Runtime.Intrinsics;

namespace Moldau.Protocol.Checksums;

/// <summary>
/// What a carry-less multiplication moves 128 bits of the message forward by, without changing the checksum: the bits
/// stand for a polynomial, and moving them over a distance of D bits is multiplying it by x^D modulo the checksum's.
/// <para>Bytes are read with the lowest bit first, so the lower half stands for the higher powers and has 64 bits more to
/// go; and the product of two such reflected numbers stands one power too high. Hence x^(D+63) for the lower half and
/// x^(D-1) for the upper one, each of 32 bits at the top of its half. A test computes all of them again.</para>
/// </summary>
internal static class FoldDistance
{
    public static Vector128<ulong> By128 => Vector128.Create(0x3743f7bd00000000UL, 0x3171d43000000000UL);

    public static Vector128<ulong> By256 => Vector128.Create(0x33ccbbbc00000000UL, 0xa2158b3400000000UL);

    public static Vector128<ulong> By384 => Vector128.Create(0xa46ef4aa00000000UL, 0x6051243f00000000UL);

    public static Vector128<ulong> By512 => Vector128.Create(0x1c19243b00000000UL, 0x75bba45b00000000UL);

    public static Vector128<ulong> By1024 => Vector128.Create(0x6577b24500000000UL, 0x7417153f00000000UL);

    public static Vector128<ulong> By1536 => Vector128.Create(0x7ccbbbf200000000UL, 0x31c9460800000000UL);

    public static Vector128<ulong> By2048 => Vector128.Create(0xe9a5d8be00000000UL, 0x1426a81500000000UL);
}
