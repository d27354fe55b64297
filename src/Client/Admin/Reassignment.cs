namespace Moldau.Client.Admin;

/// <summary>A partition whose replicas are on the move.</summary>
/// <param name="Where">Which.</param>
/// <param name="Replicas">Brokers that have it now, old and new.</param>
/// <param name="Adding">Those of them that it comes to.</param>
/// <param name="Removing">Those of them that it leaves.</param>
public sealed record Reassignment(TopicPartition Where, IReadOnlyList<int> Replicas, IReadOnlyList<int> Adding, IReadOnlyList<int> Removing);
