namespace Moldau.Coordination.Groups.Classic;

/// <summary>By Kafka's names, which are shown.</summary>
internal enum ClassicState
{
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Stable,
}
