namespace Moldau.Broker.Diagnostics;

/// <summary>A leader epoch and the offset of its first record.</summary>
public sealed record EpochReport(int Epoch, long StartOffset);
