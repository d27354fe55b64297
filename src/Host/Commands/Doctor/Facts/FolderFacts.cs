namespace Moldau.Host.Commands.Doctor.Facts;

/// <summary>What is known of a data folder; null for what could not be found out.</summary>
internal sealed record FolderFacts
{
    public required string Path { get; init; }

    public bool Exists { get; init; }

    /// <summary>Who asks.</summary>
    public string User { get; init; } = "";

    /// <summary>Why it cannot be written to, or made; null where it can.</summary>
    public string? AccessProblem { get; init; }

    /// <summary>Why its identity is not this node's; null where it is, or has none yet.</summary>
    public string? IdentityProblem { get; init; }

    /// <summary>The cluster it belongs to; null where it is new.</summary>
    public string? Cluster { get; init; }

    /// <summary>Who has it open; null where nobody has.</summary>
    public string? Holder { get; init; }

    public string? FileSystem { get; init; }

    public IReadOnlyList<string> MountOptions { get; init; } = [];

    public long? TotalBytes { get; init; }

    public long? FreeBytes { get; init; }

    /// <summary>The median time of writing 4 KiB and bringing them to disk.</summary>
    public TimeSpan? Flush { get; init; }
}
