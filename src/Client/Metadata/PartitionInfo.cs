using Moldau.Protocol.Errors;

namespace Moldau.Client.Metadata;

/// <summary>A partition and where it lives.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="Leader">The broker that serves it; -1 where there is none.</param>
/// <param name="LeaderEpoch">How often the leader has changed; -1 where it is not known.</param>
/// <param name="Replicas">The brokers that hold it.</param>
/// <param name="InSync">Those of them that have everything.</param>
/// <param name="Offline">Those of them that are away.</param>
/// <param name="Error">What is wrong with it.</param>
public sealed record PartitionInfo(
    int Partition, int Leader, int LeaderEpoch, IReadOnlyList<int> Replicas, IReadOnlyList<int> InSync, IReadOnlyList<int> Offline, ErrorCode Error);
