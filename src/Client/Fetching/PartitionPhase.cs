namespace Moldau.Client.Fetching;

/// <summary>What a partition waits for.</summary>
internal enum PartitionPhase
{
    /// <summary>To be told where to begin.</summary>
    Placing,

    /// <summary>Whether its new leader has what was read.</summary>
    Checking,

    /// <summary>Records.</summary>
    Reading,

    /// <summary>Nothing: everything that was to be read was asked for.</summary>
    AtEnd,
}
