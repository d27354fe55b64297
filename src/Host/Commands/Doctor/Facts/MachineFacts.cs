namespace Moldau.Host.Commands.Doctor.Facts;

/// <summary>What is known of the machine; null for what could not be found out.</summary>
internal sealed record MachineFacts
{
    /// <summary>What the broker could have open at most.</summary>
    public long? OpenFileLimit { get; init; }

    public long? MemoryBytes { get; init; }

    /// <summary>What the control group allows of it; null where it sets no limit.</summary>
    public long? MemoryLimitBytes { get; init; }

    public long? SwapBytes { get; init; }

    public int? Swappiness { get; init; }

    /// <summary>always, madvise or never.</summary>
    public string? HugePages { get; init; }

    /// <summary>Processors' worth of time the control group allows; null where it sets no limit.</summary>
    public double? ProcessorLimit { get; init; }

    public string? ClockSource { get; init; }

    public bool? IsClockSynchronized { get; init; }

    /// <summary>Variables of the environment that .NET reads, by name.</summary>
    public IReadOnlyDictionary<string, string> RuntimeVariables { get; init; } = new Dictionary<string, string>();
}
