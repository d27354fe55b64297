namespace Moldau.Storage.Checkpoints;

/// <summary>A line of an offset checkpoint.</summary>
public readonly record struct PartitionOffset(string Topic, int Partition, long Offset);
