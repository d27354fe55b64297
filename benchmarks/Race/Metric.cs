namespace Moldau.Bench.Race;

/// <summary>What is looked at.</summary>
internal enum Metric
{
    RecordsPerSecond,

    /// <summary>Of what is no record: commits, transactions, heartbeats.</summary>
    OperationsPerSecond,

    /// <summary>Seconds of the broker's processors for a million records, or operations.</summary>
    CpuPerMillion,

    /// <summary>The part of a processor the broker took.</summary>
    CpuShare,

    /// <summary>Microseconds.</summary>
    P50,

    P99,

    /// <summary>Seconds until everything is served.</summary>
    Ready,

    /// <summary>Seconds until all members of a new group have an assignment of one generation.</summary>
    Agreed,

    /// <summary>The same when all of a group that has agreed before join anew.</summary>
    AgreedAgain,

    /// <summary>The most memory it held, in MiB.</summary>
    PeakMemory,

    /// <summary>The memory it took during the turn, in MiB.</summary>
    MemoryTaken,

    /// <summary>The memory it holds at the end, to what it held early on.</summary>
    Growth,
}
