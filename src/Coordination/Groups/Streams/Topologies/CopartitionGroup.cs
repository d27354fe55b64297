namespace Moldau.Coordination.Groups.Streams.Topologies;

/// <summary>Topics that must have equally many partitions, as indexes into their subtopology's lists of the same names.</summary>
internal sealed record CopartitionGroup(IReadOnlyList<short> Sources, IReadOnlyList<short> SourceRegexes, IReadOnlyList<short> Repartitions);
