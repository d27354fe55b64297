using System.Text;
using Moldau.Protocol.Records;

namespace Moldau.Compatibility.Records;

/// <summary>Contents of batches: random ones that reach for every form a record can have, and ones worth compressing.</summary>
internal static class BatchSamples
{
    private const long SomeTime = 1_770_000_000_000;

    private static readonly string[] HeaderKeys = ["", "a", "trace-id", "größe", "имя", "名前", "🚂 train", "e\u0301"];

    public static SampleBatch Random(Random random, int number)
    {
        var hasProducer = random.Next(2) == 0;
        var baseOffset = random.Next(3) switch { 0 => 0L, 1 => random.Next(1000), _ => random.NextInt64(1L << 60) };
        var options = new BatchOptions
        {
            BaseOffset = baseOffset,
            LeaderEpoch = random.Next(2) == 0 ? -1 : random.Next(),
            Producer = hasProducer ? new ProducerIdentity(random.NextInt64(), (short)random.Next(short.MaxValue + 1), random.Next()) : ProducerIdentity.None,
            IsTransactional = hasProducer && random.Next(2) == 0,
            LogAppendTime = random.Next(4) == 0 ? SomeTime + random.Next(100_000) : null,
        };
        var records = new SampleRecord[random.Next(6) == 0 ? 150 : 1 + random.Next(12)];
        var timestamp = random.Next(8) switch { 0 => 0, 1 => random.NextInt64(1L << 50), _ => SomeTime };
        for (var i = 0; i < records.Length; i++)
        {
            timestamp = Math.Max(0, timestamp + Step(random));
            var headers = random.Next(3) == 0 ? Headers(random) : [];
            records[i] = new SampleRecord(baseOffset + i, timestamp, Bytes(random), Bytes(random), headers);
        }

        return new SampleBatch($"random batch {number}", options, records);
    }

    /// <summary>What the codecs are given: text like that of a service's log, a few kinds of noise, and a large batch over every block size.</summary>
    public static IReadOnlyList<SampleBatch> ForCodecs(Random random) =>
    [
        Filled("log lines", 120, i => LogLine(random, i)),
        Filled("large", 2500, i => LogLine(random, i)),
        Filled("one byte repeated", 3, i => new byte[20_000 + i]),
        Filled("noise", 8, _ => Noise(random, 1500)),
        Filled("one small record", 1, _ => "x"u8.ToArray()),
        Random(random, 0),
    ];

    public static SampleBatch Filled(string name, int count, Func<int, byte[]> value, long baseOffset = 0)
    {
        var records = new SampleRecord[count];
        for (var i = 0; i < count; i++)
        {
            // Each form of key, and now and then a tombstone and headers.
            var key = (i % 4) switch { 0 => null, 1 => [], _ => Encoding.UTF8.GetBytes($"customer-{i % 50}") };
            SampleHeader[] headers = i % 7 == 3 ? [new SampleHeader("größe", Encoding.UTF8.GetBytes($"{i}")), new SampleHeader("none", null)] : [];
            records[i] = new SampleRecord(baseOffset + i, SomeTime + i * 3, key, i % 31 == 30 ? null : value(i), headers);
        }

        return new SampleBatch(name, new BatchOptions { BaseOffset = baseOffset }, records);
    }

    public static byte[] LogLine(Random random, int number) => Encoding.UTF8.GetBytes(
        $"{{\"at\":{SomeTime + number},\"level\":\"{(random.Next(10) == 0 ? "WARN" : "INFO")}\",\"trace\":\"{random.NextInt64():x16}\",\"message\":\"order {random.Next(5000)} accepted\"}}");

    public static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static long Step(Random random) => random.Next(6) switch
    {
        0 => 0,
        1 => -random.Next(5),
        2 => -random.NextInt64(1L << 40),
        3 => random.NextInt64(1L << 40),
        _ => random.Next(64),
    };

    // The lengths around 63 and 8191 are where the varint before them gets longer.
    private static byte[]? Bytes(Random random) => random.Next(10) switch
    {
        0 => null,
        1 => [],
        2 => Noise(random, 62 + random.Next(4)),
        3 => random.Next(4) == 0 ? Noise(random, 8189 + random.Next(5)) : Noise(random, 300),
        4 => random.Next(20) == 0 ? new byte[100_000] : [0],
        _ => Noise(random, random.Next(40)),
    };

    private static SampleHeader[] Headers(Random random)
    {
        var headers = new SampleHeader[1 + random.Next(random.Next(10) == 0 ? 80 : 4)];
        for (var i = 0; i < headers.Length; i++) headers[i] = new SampleHeader(HeaderKeys[random.Next(HeaderKeys.Length)], Bytes(random));
        return headers;
    }
}
