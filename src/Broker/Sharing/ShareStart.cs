using Moldau.Broker.Partitions;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Sharing;

/// <summary>Where a group begins in a partition that it has read nothing of.</summary>
internal static class ShareStart
{
    public static long Of(Partition partition, PartitionLog log, ShareOffsetReset reset, DateTimeOffset now)
    {
        if (reset.IsLatest) return partition.HighWatermark;
        if (reset.Ago is not { } ago) return log.StartOffset;
        var since = Math.Max(0, (now - ago).ToUnixTimeMilliseconds());
        return log.FindTimestamp(since) is { } found && found.Offset < partition.HighWatermark ? found.Offset : partition.HighWatermark;
    }
}
