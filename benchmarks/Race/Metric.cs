namespace Moldau.Bench.Race;

/// <summary>What is looked at.</summary>
internal enum Metric
{
    RecordsPerSecond,

    /// <summary>Seconds of the broker's processors for a million records.</summary>
    CpuPerMillion,

    /// <summary>The part of a processor the broker took.</summary>
    CpuShare,

    /// <summary>Microseconds.</summary>
    P50,

    P99,

    /// <summary>Seconds until everything is served.</summary>
    Ready,

    /// <summary>The most memory it held, in MiB.</summary>
    PeakMemory,

    /// <summary>The memory it holds at the end, to what it held early on.</summary>
    Growth,
}
