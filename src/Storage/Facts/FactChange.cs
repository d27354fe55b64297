namespace Moldau.Storage.Facts;

/// <summary>A key that a revision put or, where there is no entry, deleted.</summary>
public sealed record FactChange(long Revision, string Key, FactEntry? Entry);
