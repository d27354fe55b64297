namespace Moldau.Unit.Coordination.Deliveries;

/// <summary>What is done wrong on purpose with queues, so that a test can tell that it would be noticed.</summary>
internal enum QueueBreak
{
    None,

    /// <summary>A dead letter is done with though its copy was not made.</summary>
    BuriesWithoutCopy,

    /// <summary>The machine is not told of keys.</summary>
    HidesKeys,

    /// <summary>The clock that delays go by runs ahead of the one they are measured by.</summary>
    HurriesDelays,
}
