namespace Moldau.Coordination.Deliveries;

/// <summary>One write of a share-partition's state: all that has changed since the last.</summary>
/// <param name="StartOffset">Where it begins when the write has succeeded.</param>
/// <param name="DoneCount">How many records at or above that are done with then.</param>
/// <param name="Changes">Sorted, without overlaps, none below the start.</param>
public sealed record StateWrite(long StartOffset, int DoneCount, IReadOnlyList<StateChange> Changes);
