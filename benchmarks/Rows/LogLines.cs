using System.Globalization;
using System.Text;

namespace Moldau.Bench.Rows;

/// <summary>Lines of a service's log as JSON: the same bytes for the same seed, and about as compressible as real ones.</summary>
internal static class LogLines
{
    private static readonly string[] Levels = ["info", "info", "info", "info", "debug", "warn", "error"];
    private static readonly string[] Services = ["checkout", "billing", "inventory", "gateway", "search"];
    private static readonly string[] Paths = ["/v1/orders", "/v1/orders/{id}", "/v1/carts", "/v1/items/search", "/v2/payments", "/health"];
    private static readonly string[] Texts = ["request done", "cache miss", "retrying upstream", "slow query", "connection reset by peer", "item reserved"];

    public static byte[] Generate(int seed, int length)
    {
        var random = new Random(seed);
        var text = new StringBuilder(length + 512);
        var time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        while (text.Length < length)
        {
            time = time.AddMilliseconds(random.Next(1, 400));
            text.Append(CultureInfo.InvariantCulture, $"{{\"time\":\"{time:yyyy-MM-ddTHH:mm:ss.fffZ}\",\"level\":\"{Any(random, Levels)}\",\"service\":\"{Any(random, Services)}\"")
                .Append(CultureInfo.InvariantCulture, $",\"trace\":\"{random.NextInt64():x16}\",\"path\":\"{Any(random, Paths)}\",\"status\":{(random.Next(20) == 0 ? 500 : 200)}")
                .Append(CultureInfo.InvariantCulture, $",\"took_ms\":{random.Next(1, 900)},\"user\":{random.Next(100_000)},\"text\":\"{Any(random, Texts)}\"}}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    private static string Any(Random random, string[] values) => values[random.Next(values.Length)];
}
