using Microsoft.Extensions.Logging;

namespace Moldau.Broker.Partitions;

/// <summary>What there is to say of partitions; ids 1100 to 1199.</summary>
internal sealed partial class PartitionLogbook(ILogger logger)
{
    [LoggerMessage(1100, LogLevel.Error, "{Topic}-{Partition} is offline: {Reason}")]
    public partial void Offline(string topic, int partition, string reason);

    [LoggerMessage(1101, LogLevel.Error, "the logs of topic {Topic}, which was deleted, could not all be deleted; it is tried again")]
    public partial void NotDeleted(string topic, Exception failure);

    [LoggerMessage(1102, LogLevel.Warning, "{Row}: {What}")]
    public partial void Recovered(string row, string what);

    [LoggerMessage(1103, LogLevel.Warning, "house could not be kept: {Reason}; it is tried again")]
    public partial void HouseKeepingFailed(string reason);

    [LoggerMessage(1104, LogLevel.Error, "the data folder {Folder} was not closed in order: {Obstacle}")]
    public partial void NotClosedInOrder(string folder, string obstacle);

    [LoggerMessage(1105, LogLevel.Error, "a log could not be compacted ({Outcome}): {Reason}")]
    public partial void NotCompacted(string outcome, string reason);

    [LoggerMessage(1106, LogLevel.Error, "the data folder {Folder} is offline until the next start, and so are its partitions; the other folders go on: {Reason}")]
    public partial void FolderOffline(string folder, string reason);

    [LoggerMessage(1107, LogLevel.Critical, "the data folder {Folder}, which has the metadata, has failed: {Reason}")]
    public partial void FirstFolderFailed(string folder, string reason);

    [LoggerMessage(1108, LogLevel.Information, "{Partition} begins to move from {Source} to {Target}")]
    public partial void MoveBegun(string partition, string source, string target);

    [LoggerMessage(1109, LogLevel.Information, "{Partition} has moved from {Source} to {Target}")]
    public partial void Moved(string partition, string source, string target);

    [LoggerMessage(1110, LogLevel.Warning, "{Partition} stays in {Source} and does not move to {Target}: {Reason}")]
    public partial void NotMoved(string partition, string source, string target, string reason);

    [LoggerMessage(1111, LogLevel.Warning, "the copy of {Partition} in {Target} could not be removed, the next start does it: {Reason}")]
    public partial void CopyNotRemoved(string partition, string target, string reason);
}
