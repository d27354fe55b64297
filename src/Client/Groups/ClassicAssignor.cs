namespace Moldau.Client.Groups;

/// <summary>How a classic group's leader gives out partitions; the names on the wire are those of Kafka's own.</summary>
public enum ClassicAssignor
{
    /// <summary>Topic by topic, in ranges: partitions of the same number come together.</summary>
    Range,

    /// <summary>All partitions in turn.</summary>
    RoundRobin,

    /// <summary>Even, with as few moves as possible; everything stops while it moves.</summary>
    Sticky,

    /// <summary>The same, and what does not move goes on, unless another assignor is in the list that cannot do that.</summary>
    CooperativeSticky,
}
