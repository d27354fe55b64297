using Moldau.Broker.Metadata.Image;
using Moldau.Protocol.Errors;
using Moldau.Storage.Folders;

namespace Moldau.Broker.Partitions.Moving;

/// <summary>
/// In which folder somebody wants a partition's log to be: checked in Kafka's order, and acted upon. In the hosting's turn.
/// </summary>
internal sealed class FolderChoice(DataFolders folders, HostedTopics topics, FolderMoves moves, LiveSettings settings)
{
    /// <summary>A folder's name is no longer on any file system.</summary>
    private const int LongestName = 255;

    // A dash, 32 digits, and the ending, as Kafka's copies are called.
    private const int CopySuffix = 1 + 32 + 7;

    public ErrorCode Alter(MetadataImage image, PartitionName name, string path)
    {
        if (name.ToString().Length + CopySuffix > LongestName) return ErrorCode.InvalidTopicException;
        if (folders.Find(path) is not { } target) return ErrorCode.LogDirNotFound;
        if (target.Online is null) return ErrorCode.KafkaStorageError;
        if (settings.Current.Folders.Cordoned.Contains(target.Path)) return ErrorCode.InvalidReplicaAssignment;
        var partition = topics.Find(name.Topic)?.Find(name.Partition);
        if (partition is not null && partition.Log is null) return ErrorCode.KafkaStorageError;
        if (partition is null)
        {
            folders.Want(name, target);
            return image.FindTopic(name.Topic)?.Partition(name.Partition) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.ReplicaNotAvailable;
        }

        if (moves.Find(partition) is { } move)
        {
            if (move.Target == target) return ErrorCode.None;
            moves.Cancel(partition, $"it is to be in {target.Path}");
        }

        if (folders.FolderOf(name) == target) return ErrorCode.None;
        // A start could not tell a copy from what it is of while one of the folders cannot be asked.
        if (folders.All.Any(static folder => folder.Online is null)) return ErrorCode.KafkaStorageError;
        moves.Begin(partition, target);
        return ErrorCode.None;
    }
}
