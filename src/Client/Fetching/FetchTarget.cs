using Moldau.Protocol.Primitives;

namespace Moldau.Client.Fetching;

/// <summary>What is asked of one partition.</summary>
/// <param name="State">Which partition.</param>
/// <param name="Fence">What its position had when this was asked; what comes is for that one alone.</param>
/// <param name="TopicId">Zero where the cluster has none.</param>
/// <param name="Offset">From where on.</param>
/// <param name="LeaderEpoch">The epoch its leader is believed to be in.</param>
/// <param name="MaxBytes">How much.</param>
/// <param name="IsFollower">Whether it is asked of another broker than its leader.</param>
internal readonly record struct FetchTarget(PartitionState State, long Fence, Uuid TopicId, long Offset, int LeaderEpoch, int MaxBytes, bool IsFollower)
{
    public TopicPartition Where => State.Where;
}
