using Moldau.Storage.Folders;
using Moldau.Storage.Logs;
using Moldau.Storage.Moving;

namespace Moldau.Broker.Partitions.Moving;

/// <summary>One partition's log on its way into another folder.</summary>
internal sealed class FolderMove(Partition partition, PartitionLog log, BrokerFolder source, BrokerFolder target, LogCopy copy)
{
    public Partition Partition { get; } = partition;

    /// <summary>The log as it is served until the copy takes its place.</summary>
    public PartitionLog Log { get; } = log;

    public BrokerFolder Source { get; } = source;

    public BrokerFolder Target { get; } = target;

    public LogCopy Copy { get; } = copy;

    public PartitionName Name => Copy.Hosted.Name;

    public LogIdentity Identity => new(Name, Partition.TopicId);

    /// <summary>Ends when nothing is copied any more; it never fails.</summary>
    public Task Copying { get; set; } = Task.CompletedTask;

    public CancellationTokenSource Stop { get; } = new();
}
