using Moldau.Broker.Diagnostics.Counting;
using Moldau.Storage.Files;

namespace Moldau.Broker.Diagnostics.Tables;

/// <summary>Of the data folders: bringing to disk, compaction, and folders that have failed.</summary>
internal static class DiskMetrics
{
    private const string Cleaner = "kafka.log:type=LogCleaner,name=";
    private const string Logs = "kafka.log:type=LogManager,name=";

    public static readonly MetricDeclaration FlushTime = Metric.Histogram("moldau.flush.time", MetricUnit.Seconds, "How long a group commit takes, by data folder.", static (source, to) =>
    {
        foreach (var (folder, times) in source.Broker.Figures.Flushes) to.Add(HistogramReading.Of(source.Broker.Figures.Instruments.Durations, times), folder);
    }, MetricLabel.Folder)
        with { MBeans = [new("kafka.log:type=LogFlushStats,name=LogFlushRateAndTimeMs", "histogram_quantile(0.99, sum by (le) (rate(moldau_flush_time_seconds_bucket[1m])))")] };

    public static IReadOnlyList<MetricDeclaration> All { get; } =
    [
        FlushTime,
        Metric.Gauge("moldau.folder.offline", MetricUnit.None, "1 where a data folder has failed and is offline until the next start, else 0.", static (source, to) =>
        {
            foreach (var folder in source.Broker.Folders.All) to.Add(folder.Online is null ? 1 : 0, folder.Path);
        }, MetricLabel.Folder)
            with { MBeans = [new(Logs + "OfflineLogDirectoryCount", "sum(moldau_folder_offline)"), Logs + "LogDirectoryOffline,logDirectory=*"] },
        Metric.Gauge("moldau.folder.cordoned", MetricUnit.None, "1 where a data folder takes no new partitions (cordoned.log.dirs), else 0.", static (source, to) =>
        {
            var cordoned = source.Broker.Settings.Current.Folders.Cordoned;
            foreach (var folder in source.Broker.Folders.All) to.Add(cordoned.Contains(folder.Path) ? 1 : 0, folder.Path);
        }, MetricLabel.Folder)
            with { MBeans = [new(Logs + "CordonedLogDirectoryCount", "sum(moldau_folder_cordoned)"), Logs + "LogDirectoryCordoned,logDirectory=*"] },
        Metric.Gauge("moldau.folder.free", MetricUnit.Bytes, "Room that a data folder's disk has left.", Free, MetricLabel.Folder),
        Metric.Counter("moldau.compaction.passes", MetricUnit.None, "Compactions of a log that came to their end.", static (source, to) => to.Add(source.Broker.Compactor?.Counts.Passes ?? 0)),
        Metric.Counter("moldau.compaction.failed", MetricUnit.None, "Compactions that a disk or a damaged log has stopped.", static (source, to) => to.Add(source.Broker.Compactor?.Counts.Failed ?? 0)),
        Metric.Counter("moldau.compaction.read", MetricUnit.Bytes, "Bytes that compaction has read.", static (source, to) => to.Add(source.Broker.Compactor?.Counts.BytesRead ?? 0))
            with { MBeans = [new("kafka.utils:type=Throttler,name=cleaner-io", "rate(moldau_compaction_read_bytes_total[1m])"), new(Cleaner + "cleaner-recopy-percent", "moldau_compaction_written_bytes_total / moldau_compaction_read_bytes_total")] },
        Metric.Counter("moldau.compaction.written", MetricUnit.Bytes, "Bytes that compaction has written.", static (source, to) => to.Add(source.Broker.Compactor?.Counts.BytesWritten ?? 0)),
        Metric.Counter("moldau.compaction.records.dropped", MetricUnit.None, "Records that compaction has dropped, since there were later ones of their key.", static (source, to) => to.Add(source.Broker.Compactor?.Counts.RecordsDropped ?? 0)),
        Metric.Counter("moldau.compaction.time", MetricUnit.Seconds, "How long compactions took in all.", static (source, to) => to.Add(source.Broker.Compactor?.Counts.Whole.TotalSeconds ?? 0)),
        Metric.Gauge("moldau.compaction.longest", MetricUnit.Seconds, "How long the longest compaction took.", static (source, to) => to.Add(source.Broker.Compactor?.Counts.Longest.TotalSeconds ?? 0))
            with { MBeans = [Cleaner + "max-clean-time-secs"] },
        Metric.Gauge("moldau.compaction.threads.dead", MetricUnit.None, "Compaction threads that have ended while the broker runs.", static (source, to) => to.Add(source.Broker.Compactor is { } compactor ? compactor.Threads - compactor.Running : 0))
            with { MBeans = [Cleaner + "DeadThreadCount"] },
        Metric.Gauge("moldau.compaction.uncleanable", MetricUnit.None, "Logs that cannot be compacted before the next start, since something in them cannot be read.", static (source, to) => to.Add(source.Broker.Compactor?.Uncleanable ?? 0))
            with { MBeans = [new("kafka.log:type=LogCleanerManager,name=uncleanable-partitions-count,logDirectory=*", "moldau_compaction_uncleanable")] },
    ];

    private static void Free(MetricSource source, MetricReading to)
    {
        foreach (var folder in source.Broker.Folders.All)
        {
            try
            {
                if (folder.Online is not null) to.Add(source.Broker.Disk.FreeSpace(folder.Path), folder.Path);
            }
            catch (DiskException)
            {
                // It is being found out; there is nothing to tell of it.
            }
        }
    }
}
