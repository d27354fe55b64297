using Moldau.Protocol.Compression;

namespace Moldau.Broker.Settings.Snapshots;

/// <summary>How a topic's batches are stored.</summary>
/// <param name="Type">The codec; null where batches stay as they came.</param>
/// <param name="Level">The codec's level; null for its own default.</param>
public readonly record struct TopicCompression(CompressionType? Type, int? Level)
{
    public bool IsProducers => Type is null;

    internal static TopicCompression Of(SettingValues values) => values.Text("compression.type") switch
    {
        "uncompressed" => new(CompressionType.None, null),
        "gzip" => new(CompressionType.Gzip, values.Int("compression.gzip.level") is var level && level < 0 ? null : level),
        "snappy" => new(CompressionType.Snappy, null),
        "lz4" => new(CompressionType.Lz4, values.Int("compression.lz4.level")),
        "zstd" => new(CompressionType.Zstd, values.Int("compression.zstd.level")),
        _ => default,
    };
}
