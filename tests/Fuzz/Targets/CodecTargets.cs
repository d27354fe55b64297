using System.Text;
using Moldau.Fuzz.Engine;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Compression.Gzip;
using Moldau.Protocol.Compression.Lz4;
using Moldau.Protocol.Compression.Snappy;
using Moldau.Protocol.Compression.Zstd;

namespace Moldau.Fuzz.Targets;

/// <summary>Every codec, with compressed contents of several kinds to start from.</summary>
internal static class CodecTargets
{
    private delegate void Compressor(ReadOnlySpan<byte> source, PooledBuffer destination);

    public static IReadOnlyList<FuzzTarget> All() =>
    [
        new CodecTarget("gzip", GzipCodec.Decompress, static () => Seeds(
            static (source, destination) => GzipCodec.Compress(source, destination, 1),
            static (source, destination) => GzipCodec.Compress(source, destination, 9))),
        new CodecTarget("lz4", Lz4Codec.Decompress, static () => Seeds(
            static (source, destination) => Lz4Codec.Compress(source, destination, Lz4Codec.DefaultLevel),
            static (source, destination) => Lz4Codec.Compress(source, destination, Lz4Codec.MaxLevel))),
        new CodecTarget("snappy", SnappyCodec.Decompress, static () => Seeds(SnappyCodec.Compress).Concat(BareSnappyBlocks())),
        new CodecTarget("zstd", ZstdCodec.Decompress, static () => Seeds(
            static (source, destination) => ZstdCodec.Compress(source, destination, -5),
            static (source, destination) => ZstdCodec.Compress(source, destination, ZstdCodec.DefaultLevel),
            static (source, destination) => ZstdCodec.Compress(source, destination, ZstdCodec.MaxLevel))),
    ];

    private static IEnumerable<byte[]> Seeds(params Compressor[] compressors)
    {
        foreach (var compress in compressors)
        {
            foreach (var content in Contents())
            {
                using var destination = new PooledBuffer();
                compress(content, destination);
                yield return destination.WrittenSpan.ToArray();
            }
        }
    }

    private static IEnumerable<byte[]> Contents()
    {
        yield return [];
        yield return "a"u8.ToArray();
        yield return new byte[70_000];
        var random = new Random(1);
        var noise = new byte[700];
        random.NextBytes(noise);
        yield return noise;
        var log = new StringBuilder();
        for (var line = 0; line < 80; line++) log.Append("{\"level\":\"info\",\"user\":").Append(random.Next(1000)).Append(",\"took\":").Append(random.Next(90)).Append("}\n");
        yield return Encoding.ASCII.GetBytes(log.ToString());
        yield return Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("abcdefg", 60)));
    }

    /// <summary>What clients without snappy-java's framing write: the length, a literal, and copies of each kind.</summary>
    private static IEnumerable<byte[]> BareSnappyBlocks() =>
    [
        [0],
        [3, 0x08, (byte)'a', (byte)'b', (byte)'c'],
        [20, 0x0C, 1, 2, 3, 4, 0x01 | (4 << 2), 4, 0x02 | (7 << 2), 4, 0],
        [20, 0x0C, 1, 2, 3, 4, 0x03 | (15 << 2), 4, 0, 0, 0],
        [61, 60 << 2, 60, .. new byte[61]],
    ];
}
