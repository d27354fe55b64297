using System.Text;
using Xunit;

namespace Moldau.Compatibility.Codecs;

/// <summary>What is sent through the command line tools, by name so that a failing test says which.</summary>
public static class ToolInputs
{
    public static TheoryData<string> Names => ["empty", "one byte", "same", "random", "log", "large log", "short periods"];

    public static byte[] Make(string name) => name switch
    {
        "empty" => [],
        "one byte" => [7],
        "same" => new byte[300_000],
        "random" => Random(150_000),
        "log" => Log(65_537),
        "large log" => Log(9_000_000),
        "short periods" => ShortPeriods(200_000),
        _ => throw new ArgumentException(name),
    };

    private static byte[] Random(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Log(int length)
    {
        var random = new Random(5);
        var text = new StringBuilder(length + 200);
        while (text.Length < length)
        {
            text.Append($"{{\"at\":{1_770_000_000_000 + text.Length},\"level\":\"{(random.Next(10) == 0 ? "WARN" : "INFO")}\",\"trace\":\"{random.NextInt64():x16}\",\"message\":\"order {random.Next(5000)} accepted\"}}\n");
        }
        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    private static byte[] ShortPeriods(int length)
    {
        var random = new Random(6);
        var bytes = new byte[length];
        for (var at = 0; at < length;)
        {
            var period = random.Next(1, 40);
            for (var i = 0; i < 200 && at < length; i++, at++) bytes[at] = i < period ? (byte)random.Next(256) : bytes[at - period];
        }
        return bytes;
    }
}
