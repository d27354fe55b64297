namespace Moldau.Storage.Facts;

/// <summary>Changes in order, always whole revisions: everything the watch asks about, up to and with the revision.</summary>
public sealed record FactChanges(IReadOnlyList<FactChange> Changes, long Through);
