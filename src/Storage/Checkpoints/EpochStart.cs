namespace Moldau.Storage.Checkpoints;

/// <summary>A leader's epoch and the first offset it wrote.</summary>
public readonly record struct EpochStart(int Epoch, long Offset);
