using System.Text;

namespace Moldau.Unit.Protocol.Compression.Zstd;

/// <summary>Contents that take a compressor down different paths. The same for the same arguments, always.</summary>
public static class ZstdSamples
{
    public const int BlockSize = 128 << 10;

    public static readonly string[] Names =
    [
        "empty", "one byte", "two bytes", "seven bytes", "all the same", "random", "random with repeats", "text", "logs",
        "long repeats", "short period", "sparse", "two symbols", "block - 1", "block", "block + 1", "mixed blocks",
    ];

    public static byte[] Make(string name) => name switch
    {
        "empty" => [],
        "one byte" => [42],
        "two bytes" => [1, 2],
        "seven bytes" => "Moldau!"u8.ToArray(),
        "all the same" => Repeat([0x5A], 200_000),
        "random" => Random(150_000, 1),
        "random with repeats" => RandomWithRepeats(300_000),
        "text" => Text(90_000, 2),
        "logs" => Logs(400_000, 3),
        "long repeats" => Repeat(Random(70_000, 4), 500_000),
        "short period" => Repeat("abcab"u8.ToArray(), 140_000),
        "sparse" => Sparse(180_000),
        "two symbols" => TwoSymbols(50_000),
        "block - 1" => Logs(BlockSize - 1, 5),
        "block" => Logs(BlockSize, 6),
        "block + 1" => Logs(BlockSize + 1, 7),
        "mixed blocks" => [.. Logs(BlockSize, 8), .. Random(BlockSize, 9), .. new byte[BlockSize], .. Text(BlockSize + 77, 10)],
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such sample"),
    };

    public static byte[] Random(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static byte[] Repeat(byte[] unit, int size)
    {
        var bytes = new byte[size];
        for (var i = 0; i < size; i++) bytes[i] = unit[i % unit.Length];
        return bytes;
    }

    public static byte[] Text(int size, int seed)
    {
        string[] words = ["river", "stream", "of", "the", "and", "from", "forest", "castle", "moonlight", "wedding", "hunt", "rapids", "broad", "Vyšehrad", "a"];
        var random = new Random(seed);
        var text = new StringBuilder();
        while (text.Length < size) text.Append(words[random.Next(words.Length)]).Append(random.Next(12) == 0 ? ".\n" : " ");
        return Encoding.UTF8.GetBytes(text.ToString()).AsSpan(0, size).ToArray();
    }

    public static byte[] Logs(int size, int seed)
    {
        string[] levels = ["INFO", "WARN", "ERROR", "DEBUG"];
        var random = new Random(seed);
        var text = new StringBuilder();
        var time = 1_700_000_000_000;
        while (text.Length < size)
        {
            time += random.Next(50);
            text.Append($"{{\"ts\":{time},\"level\":\"{levels[random.Next(4)]}\",\"host\":\"node-{random.Next(40)}\",")
                .Append($"\"trace\":\"{random.NextInt64():x16}\",\"ms\":{random.Next(2000)},\"path\":\"/api/v1/orders/{random.Next(5000)}\"}}\n");
        }
        return Encoding.ASCII.GetBytes(text.ToString(0, size));
    }

    private static byte[] RandomWithRepeats(int size)
    {
        var bytes = Random(size, 11);
        var random = new Random(12);
        for (var i = 0; i < 2000; i++)
        {
            var length = random.Next(3, 60);
            var target = random.Next(1, size - length);
            bytes.AsSpan(random.Next(target), length).ToArray().AsSpan().CopyTo(bytes.AsSpan(target));
        }
        return bytes;
    }

    private static byte[] Sparse(int size)
    {
        var bytes = new byte[size];
        var random = new Random(13);
        for (var i = 0; i < size / 100; i++) bytes[random.Next(size)] = (byte)random.Next(256);
        return bytes;
    }

    private static byte[] TwoSymbols(int size)
    {
        var bytes = new byte[size];
        var random = new Random(14);
        for (var i = 0; i < size; i++) bytes[i] = random.Next(5) == 0 ? (byte)255 : (byte)0;
        return bytes;
    }
}
