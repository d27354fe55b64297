using System.Globalization;

namespace Moldau.Broker.Diagnostics.Tables;

/// <summary>Of the process: memory, collections of garbage, threads.</summary>
internal static class RuntimeMetrics
{
    public static IReadOnlyList<MetricDeclaration> All { get; } =
    [
        Metric.Counter("moldau.process.cpu", MetricUnit.Seconds, "Processor time of the process.", static (_, to) =>
        {
            var used = Environment.CpuUsage;
            to.Add(used.UserTime.TotalSeconds, "user");
            to.Add(used.PrivilegedTime.TotalSeconds, "system");
        }, MetricLabel.Own("mode")),
        Metric.Gauge("moldau.process.memory", MetricUnit.Bytes, "Memory of the process that lies in the machine's.", static (_, to) => to.Add(Environment.WorkingSet)),
        Metric.Gauge("moldau.gc.heap", MetricUnit.Bytes, "Objects and room between them, after the last collection.", static (_, to) => to.Add(GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes)),
        Metric.Gauge("moldau.gc.committed", MetricUnit.Bytes, "Memory that the collector has taken from the system.", static (_, to) => to.Add(GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes)),
        Metric.Counter("moldau.gc.allocated", MetricUnit.Bytes, "Bytes that were allocated.", static (_, to) => to.Add(GC.GetTotalAllocatedBytes())),
        Metric.Counter("moldau.gc.collections", MetricUnit.None, "Collections, by generation; one of an older generation counts for the younger ones too.", static (_, to) =>
        {
            for (var generation = 0; generation <= GC.MaxGeneration; generation++) to.Add(GC.CollectionCount(generation), generation.ToString(CultureInfo.InvariantCulture));
        }, MetricLabel.Own("generation")),
        Metric.Counter("moldau.gc.pause", MetricUnit.Seconds, "How long the process stood still for collections.", static (_, to) => to.Add(GC.GetTotalPauseDuration().TotalSeconds)),
        Metric.Gauge("moldau.thread.pool.threads", MetricUnit.None, "Threads of the pool.", static (_, to) => to.Add(ThreadPool.ThreadCount)),
        Metric.Gauge("moldau.thread.pool.queue", MetricUnit.None, "Work that waits for a thread of the pool.", static (_, to) => to.Add(ThreadPool.PendingWorkItemCount)),
        Metric.Counter("moldau.thread.pool.work", MetricUnit.None, "Work that the pool has done.", static (_, to) => to.Add(ThreadPool.CompletedWorkItemCount)),
        Metric.Counter("moldau.lock.contentions", MetricUnit.None, "How often a thread has waited for a lock.", static (_, to) => to.Add(Monitor.LockContentionCount)),
    ];
}
