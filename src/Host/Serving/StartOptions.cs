namespace Moldau.Host.Serving;

/// <summary>What the command line of <c>start</c> and <c>dev</c> says.</summary>
internal sealed record StartOptions
{
    public string? Data { get; init; }

    public IReadOnlyList<string> Listen { get; init; } = [];

    public IReadOnlyList<string> Advertise { get; init; } = [];

    /// <summary>Clients of other machines may stay unknown.</summary>
    public bool AllowsAnonymous { get; init; }

    /// <summary>Null for the default, "none" for no HTTP.</summary>
    public string? Http { get; init; }

    public string? Config { get; init; }

    public IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary>Of a cluster that begins; null for one by chance.</summary>
    public string? ClusterId { get; init; }

    /// <summary>Data in memory, gone with the process.</summary>
    public bool IsInMemory { get; init; }

    public bool Upgrades { get; init; }
}
