using System.Text;
using Moldau.Compatibility.Records;

namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>
/// The records that all clients write, the same in every run: keys and values that are null, empty, text and any bytes,
/// headers without a value and with one name twice, times that go forth and back.
/// </summary>
internal static class MatrixRecords
{
    public static readonly string[] Codecs = ["none", "gzip", "snappy", "lz4", "zstd"];

    private const long Since = 1_700_000_000_000;

    private static readonly string[] Names = ["trace-id", "source", "výška", "a"];

    public static List<MatrixRecord> Make(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(i => new MatrixRecord(Since + (i * 37 % 5000), Key(i, random), Value(i, random), Headers(i, random)))];
    }

    private static byte[]? Key(int i, Random random) => (i % 8) switch
    {
        0 => null,
        1 => [],
        2 => Bytes(random, 1 + random.Next(20)),
        _ => Encoding.UTF8.GetBytes($"klíč-{i}"),
    };

    private static byte[]? Value(int i, Random random) => (i % 9) switch
    {
        0 => null,
        1 => [],
        2 => Bytes(random, 1 + random.Next(60)),
        _ => Encoding.UTF8.GetBytes($"value {i} {new string('x', i % 40)}"),
    };

    private static SampleHeader[] Headers(int i, Random random)
    {
        if (i % 3 != 0) return [];
        var first = Names[i / 3 % Names.Length];
        return (i / 3 % 4) switch
        {
            0 => [new(first, Bytes(random, random.Next(12)))],
            1 => [new(first, Encoding.UTF8.GetBytes($"{i}")), new("second", []), new(first, Bytes(random, 3))],
            2 => [new(first, null)],
            _ => [],
        };
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
