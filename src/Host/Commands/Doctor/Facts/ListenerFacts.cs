namespace Moldau.Host.Commands.Doctor.Facts;

/// <summary>What is known of a listener that a start would open.</summary>
internal sealed record ListenerFacts
{
    public required string Name { get; init; }

    /// <summary>PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.</summary>
    public required string Protocol { get; init; }

    /// <summary>Empty for every address.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>Whether others than this machine can reach it.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Whether a certificate is asked of clients.</summary>
    public bool AsksForCertificate { get; init; }

    public bool IsPortTaken { get; init; }

    /// <summary>Whether a broker has a data folder of these settings open: then the port is likely its own.</summary>
    public bool IsBrokerRunning { get; init; }

    /// <summary>What clients are told; empty for what the socket turns out to have.</summary>
    public string AdvertisedHost { get; init; } = "";

    /// <summary>Whether that is this machine's own name for itself.</summary>
    public bool IsAdvertisedLocal { get; init; }

    /// <summary>Why its address cannot be found; null where it can.</summary>
    public string? AdvertisedProblem { get; init; }

    /// <summary>Null where it has none.</summary>
    public CertificateFacts? Certificate { get; init; }

    public DateTimeOffset Now { get; init; }

    /// <summary>What a certificate must be to be read.</summary>
    internal sealed record CertificateFacts(string Path, DateTimeOffset From, DateTimeOffset Until, string? Problem);
}
