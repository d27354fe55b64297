using Moldau.Protocol.Errors;

namespace Moldau.Client.Admin;

/// <summary>A folder in which a broker keeps partitions; -1 for sizes that are not known.</summary>
public sealed record LogDirInfo(int Broker, string Path, ErrorCode Error, long TotalBytes, long UsableBytes, IReadOnlyList<LogDirInfo.Replica> Replicas)
{
    /// <summary>A partition in it.</summary>
    public sealed record Replica(TopicPartition Where, long Bytes, long Lag, bool IsFuture);
}
