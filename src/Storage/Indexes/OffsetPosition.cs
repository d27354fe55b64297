namespace Moldau.Storage.Indexes;

/// <summary>An offset, and where in the segment the batch that ends with it begins.</summary>
public readonly record struct OffsetPosition(long Offset, int Position);
