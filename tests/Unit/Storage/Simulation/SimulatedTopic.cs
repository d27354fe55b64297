using Moldau.Protocol.Compression;
using Moldau.Storage.Logs;

namespace Moldau.Unit.Storage.Simulation;

/// <summary>A partition of a simulation, and how it is used.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Name">Its folder.</param>
/// <param name="Settings">Its topic's.</param>
/// <param name="IsFollower">Whether batches come with their offsets and epochs, and the log is cut as a follower's is.</param>
/// <param name="Codec">Its batches'.</param>
/// <param name="HasTimestamps">Whether its records have any.</param>
internal sealed record SimulatedTopic(string Topic, string Name, LogSettings Settings, bool IsFollower, CompressionType Codec, bool HasTimestamps)
{
    private static readonly CompressionType[] s_codecs =
        [CompressionType.None, CompressionType.None, CompressionType.Lz4, CompressionType.Snappy, CompressionType.Gzip, CompressionType.Zstd];

    /// <summary>Small segments, few bytes between entries and checkpoints: everything happens within some dozens of batches.</summary>
    public static SimulatedTopic Random(int number, Random chance) => new(
        $"topic{number}",
        $"topic{number}-{number}",
        new LogSettings
        {
            SegmentBytes = chance.Next(800, 6000),
            SegmentMilliseconds = chance.Next(3) == 0 ? 20_000 : 1_000_000_000,
            SegmentIndexBytes = chance.Next(4) == 0 ? 40 : 1_000_000,
            IndexIntervalBytes = chance.Next(40, 700),
            RetentionBytes = chance.Next(3) == 0 ? chance.Next(1000, 8000) : -1,
            RetentionMilliseconds = chance.Next(3) == 0 ? 100_000 : -1,
            Durability = chance.Next(4) == 0 ? LogDurability.PageCache : LogDurability.Fsync,
            FlushMessages = chance.Next(2) == 0 ? 6 : long.MaxValue,
            FlushMilliseconds = chance.Next(2) == 0 ? 3000 : long.MaxValue,
            CheckpointBytes = chance.Next(500, 6000),
            CheckpointMilliseconds = 20_000,
            ProducerExpirationMilliseconds = long.MaxValue,
        },
        IsFollower: chance.Next(4) == 0,
        s_codecs[chance.Next(s_codecs.Length)],
        HasTimestamps: chance.Next(6) > 0);
}
