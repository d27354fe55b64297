using System.Buffers.Binary;

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
        return ~register;
    }

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
