using System.Globalization;
using Moldau.Protocol.Compression;

namespace Moldau.Compatibility.Records;

/// <summary>A codec, at one of its levels or without any.</summary>
internal sealed record CodecLevel(CompressionType Codec, int? Level)
{
    public string Name => Codec.ToString().ToLowerInvariant();

    /// <summary>Every level that Kafka's producers have; of zstd's 131,072 negative ones three.</summary>
    public static IReadOnlyList<CodecLevel> Kafkas { get; } =
    [
        new(CompressionType.None, null),
        .. Levels(CompressionType.Gzip, [-1, .. Enumerable.Range(1, 9)]),
        new(CompressionType.Snappy, null),
        .. Levels(CompressionType.Lz4, Enumerable.Range(1, 17)),
        .. Levels(CompressionType.Zstd, [-50, -5, -1, .. Enumerable.Range(1, 22)]),
    ];

    /// <summary>The levels that librdkafka's producers have.</summary>
    public static IReadOnlyList<CodecLevel> Librdkafkas { get; } =
    [
        new(CompressionType.None, null),
        .. Levels(CompressionType.Gzip, [-1, .. Enumerable.Range(0, 10)]),
        new(CompressionType.Snappy, null),
        .. Levels(CompressionType.Lz4, [-1, .. Enumerable.Range(0, 13)]),
        .. Levels(CompressionType.Zstd, [-1, .. Enumerable.Range(0, 13)]),
    ];

    public override string ToString() => Level is { } level ? Name + " " + level.ToString(CultureInfo.InvariantCulture) : Name;

    private static IEnumerable<CodecLevel> Levels(CompressionType codec, IEnumerable<int> levels) =>
        levels.Select(level => new CodecLevel(codec, level));
}
