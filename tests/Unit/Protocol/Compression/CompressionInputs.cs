using System.Text;
using Xunit;

namespace Moldau.Unit.Protocol.Compression;

/// <summary>What the codecs are tried on, by name so that a failing test says which.</summary>
public static class CompressionInputs
{
    private const string Prose =
        "The river rises in two springs, one warm and one cold, runs through woods and meadows, past a wedding and a dance "
        + "of nymphs by moonlight, over the rapids, and at last, broad and calm, by the castle and out of sight. ";

    public static TheoryData<string> Names =>
    [
        "empty", "one byte", "two bytes", "twelve bytes", "seventeen same", "same", "pairs", "random", "random then same", "prose", "json", "runs",
        "far repeats", "json 32767", "json 32768", "json 32769", "json 65535", "json 65536", "json 65537", "json 65552", "json 131073",
        "random 65536", "random 65537", "same 65536", "same 65537", "same 32769", "prose 5 MiB",
    ];

    public static byte[] Make(string name) => name switch
    {
        "empty" => [],
        "one byte" => [42],
        "two bytes" => [42, 42],
        "twelve bytes" => "abcabcabcabc"u8.ToArray(),
        "seventeen same" => Same(17),
        "same" => Same(200_000),
        "pairs" => Repeat([1, 2], 100_001),
        "random" => Random(100_000),
        "random then same" => [.. Random(40_000), .. Same(40_000), .. Random(1000)],
        "prose" => Text(30_000),
        "json" => Json(300_000),
        "runs" => Runs(150_000),
        "far repeats" => [.. Random(60_000), .. Random(60_000), .. Random(3000)],
        "prose 5 MiB" => Text(5 * 1024 * 1024),
        _ => Sized(name),
    };

    public static byte[] Json(int length)
    {
        var random = new Random(7);
        var text = new StringBuilder(length + 400);
        string[] services = ["checkout", "inventory", "payment", "shipping", "search"];
        string[] words = ["request", "finished", "cache", "miss", "retry", "order", "accepted", "timeout", "upstream", "user", "session", "renewed"];
        for (var number = 0; text.Length < length; number++)
        {
            text.Append($"{{\"time\":\"2026-03-14T09:{number / 60 % 60:00}:{number % 60:00}.{random.Next(1000):000}Z\",\"level\":\"{(random.Next(9) == 0 ? "WARN" : "INFO")}\",");
            text.Append($"\"service\":\"{services[random.Next(services.Length)]}\",\"trace\":\"{random.NextInt64():x16}\",\"host\":\"node-{random.Next(40)}\",\"message\":\"");
            for (var word = 0; word < 6; word++) text.Append(words[random.Next(words.Length)]).Append(' ');
            text.Append($"\",\"millis\":{random.Next(3000)}}}\n");
        }
        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    public static byte[] Random(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    public static byte[] Same(int length) => Repeat([(byte)'x'], length);

    public static byte[] Text(int length) => Repeat(Encoding.ASCII.GetBytes(Prose), length);

    // Repeats of every short period and many lengths, which is where overlapping copies go wrong.
    private static byte[] Runs(int length)
    {
        var random = new Random(11);
        var bytes = new byte[length];
        var at = 0;
        while (at < length)
        {
            var period = random.Next(1, 40);
            var run = Math.Min(length - at, random.Next(1, 300));
            for (var i = 0; i < run; i++) bytes[at + i] = i < period ? (byte)random.Next(256) : bytes[at + i - period];
            at += run;
        }
        return bytes;
    }

    private static byte[] Repeat(byte[] part, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) bytes[i] = part[i % part.Length];
        return bytes;
    }

    private static byte[] Sized(string name)
    {
        var parts = name.Split(' ');
        var length = int.Parse(parts[1]);
        return parts[0] switch
        {
            "json" => Json(length),
            "random" => Random(length),
            "same" => Same(length),
            _ => throw new ArgumentException(name),
        };
    }
}
