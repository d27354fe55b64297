using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Broker.Partitions.Moving;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Storage.Files;
using Moldau.Storage.Folders;

namespace Moldau.Broker.Requests.Cluster;

/// <summary>DescribeLogDirs: which log lies in which folder, and how large it is.</summary>
internal sealed class DescribeLogDirs(HostedTopics topics, DataFolders folders, FolderMoves moves, IFileSystem disk, LiveSettings settings, NetworkLog log)
    : TypedHandler<DescribeLogDirsRequest, DescribeLogDirsResponse>(log)
{
    private const long Unknown = -1;

    protected override ValueTask HandleAsync(Exchange exchange, DescribeLogDirsRequest request, DescribeLogDirsResponse response)
    {
        var wanted = Wanted(request);
        var cordoned = settings.Current.Folders.Cordoned;
        foreach (var folder in folders.All)
        {
            var answer = new DescribeLogDirsResponse.Dir { LogDir = Path.GetFullPath(folder.Path), TotalBytes = Unknown, UsableBytes = Unknown, IsCordoned = cordoned.Contains(folder.Path) };
            response.Results.Add(answer);
            if (folder.Online is null)
            {
                answer.ErrorCode = ErrorCode.KafkaStorageError;
                continue;
            }

            answer.UsableBytes = Free(folder);
            foreach (var topic in topics.All.OrderBy(static topic => topic.Name, StringComparer.Ordinal)) Add(answer, folder, topic, wanted);
        }

        return ValueTask.CompletedTask;
    }

    protected override void Refuse(DescribeLogDirsRequest request, DescribeLogDirsResponse response, ErrorCode error, string? message) => response.ErrorCode = error;

    private long Free(BrokerFolder folder)
    {
        try
        {
            return disk.FreeSpace(folder.Path);
        }
        catch (DiskException)
        {
            return Unknown;
        }
    }

    private static HashSet<PartitionName>? Wanted(DescribeLogDirsRequest request)
    {
        if (request.Topics is null) return null;
        var wanted = new HashSet<PartitionName>();
        foreach (var topic in request.Topics)
        {
            foreach (var number in topic.Partitions) wanted.Add(new PartitionName(topic.Topic, number));
        }

        return wanted;
    }

    private void Add(DescribeLogDirsResponse.Dir answer, BrokerFolder folder, HostedTopic topic, HashSet<PartitionName>? wanted)
    {
        DescribeLogDirsResponse.Topic? described = null;
        foreach (var partition in topic.Partitions)
        {
            var name = new PartitionName(topic.Name, partition.Number);
            if ((wanted is not null && !wanted.Contains(name)) || Describe(partition, name, folder) is not { } answered) continue;
            if (described is null) answer.Topics.Add(described = new DescribeLogDirsResponse.Topic { Name = topic.Name });
            described.Partitions.Add(answered);
        }
    }

    /// <summary>The log, or the copy of it that is being made here.</summary>
    private DescribeLogDirsResponse.Partition? Describe(Partition partition, PartitionName name, BrokerFolder folder)
    {
        if (partition.Log is not { } log) return null;
        if (folders.FolderOf(name) == folder)
        {
            return new DescribeLogDirsResponse.Partition
            {
                PartitionIndex = partition.Number, PartitionSize = log.Size, OffsetLag = Math.Max(0, partition.HighWatermark - log.EndOffset),
            };
        }

        if (moves.Find(partition) is not { } move || move.Target != folder) return null;
        return new DescribeLogDirsResponse.Partition { PartitionIndex = partition.Number, PartitionSize = move.Copy.Bytes, OffsetLag = move.Copy.Lag, IsFutureKey = true };
    }
}
