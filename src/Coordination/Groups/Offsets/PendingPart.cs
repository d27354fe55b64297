namespace Moldau.Coordination.Groups.Offsets;

/// <summary>A partition that a producer's open transaction commits.</summary>
public readonly record struct PendingPart(long ProducerId, TopicPart Part);
