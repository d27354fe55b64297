namespace Moldau.Coordination.Groups.Offsets;

/// <summary>A partition, by its topic's name.</summary>
public readonly record struct TopicPart(string Topic, int Partition);
