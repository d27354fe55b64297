using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace Moldau.Protocol.Compression.Gzip;

/// <summary>The CRC of gzip trailers (RFC 1952, section 8: polynomial 0xEDB88320, reflected). Record batches use another one, CRC-32C.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;

    // Table n gives a byte's effect on the CRC when n more bytes follow it: eight bytes are taken in one step.
    private static readonly uint[][] Tables = BuildTables();

    /// <summary>Goes on from <paramref name="crc"/>, the value over the bytes before; 0 to start.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        var register = ~crc;
        if (ArmCrc32.Arm64.IsSupported)
        {
            for (; data.Length >= 8; data = data[8..])
            {
                register = ArmCrc32.Arm64.ComputeCrc32(register, BinaryPrimitives.ReadUInt64LittleEndian(data));
            }
        }
        else if (Pclmulqdq.IsSupported && data.Length >= 128)
        {
            register = Fold(register, ref data);
        }
        return ~AppendByTable(register, data);
    }

    private static uint AppendByTable(uint register, ReadOnlySpan<byte> data)
    {
        uint[] t0 = Tables[0], t1 = Tables[1], t2 = Tables[2], t3 = Tables[3];
        uint[] t4 = Tables[4], t5 = Tables[5], t6 = Tables[6], t7 = Tables[7];
        for (; data.Length >= 8; data = data[8..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ register;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            register = t7[(byte)low] ^ t6[(byte)(low >> 8)] ^ t5[(byte)(low >> 16)] ^ t4[low >> 24]
                     ^ t3[(byte)high] ^ t2[(byte)(high >> 8)] ^ t1[(byte)(high >> 16)] ^ t0[high >> 24];
        }
        foreach (var value in data) register = t0[(byte)(register ^ value)] ^ (register >> 8);
        return register;
    }

    // Carry-less multiplication moves 16 bytes of message a fixed distance on without changing the remainder: by x^(8d+32)
    // for their first half and x^(8d-32) for their second, modulo the polynomial. Four lanes move 64 bytes at a time, are
    // moved onto each other by 16, and what is left over is a message of 16 bytes with the same remainder.
    private static uint Fold(uint register, ref ReadOnlySpan<byte> data)
    {
        var by64 = Vector128.Create(0x154442BD4UL, 0x1C6E41596UL);
        var by16 = Vector128.Create(0x1751997D0UL, 0x0CCAA009EUL);
        var lane0 = Load(data, 0) ^ Vector128.CreateScalar((ulong)register);
        Vector128<ulong> lane1 = Load(data, 16), lane2 = Load(data, 32), lane3 = Load(data, 48);
        data = data[64..];
        for (; data.Length >= 64; data = data[64..])
        {
            lane0 = Move(lane0, by64) ^ Load(data, 0);
            lane1 = Move(lane1, by64) ^ Load(data, 16);
            lane2 = Move(lane2, by64) ^ Load(data, 32);
            lane3 = Move(lane3, by64) ^ Load(data, 48);
        }
        var folded = Move(Move(Move(lane0, by16) ^ lane1, by16) ^ lane2, by16) ^ lane3;

        Span<byte> rest = stackalloc byte[16];
        MemoryMarshal.Write(rest, in folded);
        return AppendByTable(0, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Move(Vector128<ulong> lane, Vector128<ulong> factors) =>
        Pclmulqdq.CarrylessMultiply(lane, factors, 0x00) ^ Pclmulqdq.CarrylessMultiply(lane, factors, 0x11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Load(ReadOnlySpan<byte> data, int offset) => Vector128.Create(data.Slice(offset, 16)).AsUInt64();

    private static uint[][] BuildTables()
    {
        var tables = new uint[8][];
        for (var table = 0; table < 8; table++) tables[table] = new uint[256];
        for (uint value = 0; value < 256; value++)
        {
            var crc = value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            tables[0][value] = crc;
        }
        for (var table = 1; table < 8; table++)
        {
            for (var value = 0; value < 256; value++)
            {
                var before = tables[table - 1][value];
                tables[table][value] = tables[0][(byte)before] ^ (before >> 8);
            }
        }
        return tables;
    }
}
