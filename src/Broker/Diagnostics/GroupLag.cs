namespace Moldau.Broker.Diagnostics;

/// <summary>How far a group is behind in a partition.</summary>
/// <param name="Committed">The next it will read.</param>
internal readonly record struct GroupLag(string Group, string Topic, int Partition, long Committed);
