using System.Buffers.Binary;

namespace Moldau.Protocol.Checksums;

/// <summary>For processors without the instruction: eight table look-ups advance the register by eight bytes (slicing by 8).</summary>
internal static class TableCrc32C
{
    private const uint ReflectedPolynomial = 0x82F63B78;
    private const int Slices = 8;
    private const int Entries = 256;

    // Entry i of slice k: what byte i leaves in the register after k more zero bytes.
    private static readonly uint[] Tables = Build();

    public static uint Update(uint register, ReadOnlySpan<byte> data)
    {
        var tables = Tables.AsSpan(0, Slices * Entries);
        for (; data.Length >= Slices; data = data[Slices..])
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(data) ^ register;
            register = tables[(7 * Entries) + (byte)word]
                ^ tables[(6 * Entries) + (byte)(word >> 8)]
                ^ tables[(5 * Entries) + (byte)(word >> 16)]
                ^ tables[(4 * Entries) + (byte)(word >> 24)]
                ^ tables[(3 * Entries) + (byte)(word >> 32)]
                ^ tables[(2 * Entries) + (byte)(word >> 40)]
                ^ tables[Entries + (byte)(word >> 48)]
                ^ tables[(byte)(word >> 56)];
        }

        foreach (var value in data) register = tables[(byte)(register ^ value)] ^ (register >> 8);
        return register;
    }

    private static uint[] Build()
    {
        var tables = new uint[Slices * Entries];
        for (var i = 0; i < Entries; i++)
        {
            var register = (uint)i;
            for (var bit = 0; bit < 8; bit++) register = (register >> 1) ^ (ReflectedPolynomial & (0u - (register & 1)));
            tables[i] = register;
        }

        for (var i = Entries; i < tables.Length; i++)
        {
            var shorter = tables[i - Entries];
            tables[i] = (shorter >> 8) ^ tables[(byte)shorter];
        }

        return tables;
    }
}
