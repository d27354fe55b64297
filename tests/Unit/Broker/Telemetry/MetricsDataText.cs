using System.Text;

namespace Moldau.Unit.Broker.Telemetry;

/// <summary>Messages of OpenTelemetry's metrics, byte by byte.</summary>
internal static class MetricsDataText
{
    public static byte[] Data(params byte[][] metrics) => Data([], metrics);

    public static byte[] Data((string, string)[] resource, params byte[][] metrics) => Message(1, [
        .. Message(1, [.. resource.SelectMany(pair => Message(1, Attribute(pair)))]),
        .. Message(2, [.. metrics.SelectMany(metric => Message(2, metric))]),
    ]);

    public static byte[] Gauge(string name, params byte[][] points) => [.. Text(1, name), .. Text(3, "1"), .. Message(5, [.. points.SelectMany(point => Message(1, point))])];

    public static byte[] Sum(string name, bool isDifference, bool isGrowing, params byte[][] points) =>
        [.. Text(1, name), .. Message(7, [.. points.SelectMany(point => Message(1, point)), 0x10, (byte)(isDifference ? 1 : 2), 0x18, (byte)(isGrowing ? 1 : 0)])];

    public static byte[] Histogram(string name, long count, double sum) =>
        [.. Text(1, name), .. Message(9, [.. Message(1, [0x21, .. BitConverter.GetBytes(count), 0x29, .. BitConverter.GetBytes(sum)]), 0x10, 1])];

    public static byte[] Point(double value, params (string, string)[] attributes) =>
        [0x11, .. new byte[8], 0x21, .. BitConverter.GetBytes(value), .. attributes.SelectMany(pair => Message(7, Attribute(pair)))];

    public static byte[] Whole(long value) => [0x31, .. BitConverter.GetBytes(value)];

    public static byte[] Message(int field, byte[] content) => [.. Number((ulong)field << 3 | 2), .. Number((ulong)content.Length), .. content];

    private static byte[] Attribute((string Key, string Value) pair) => [.. Text(1, pair.Key), .. Message(2, Text(1, pair.Value))];

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Number(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
