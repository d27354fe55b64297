using Moldau.Client.Admin;
using Moldau.Client.Metadata;

namespace Moldau.Host.Commands.Doctor.Facts;

/// <summary>What a running cluster tells of itself.</summary>
internal sealed record ClusterFacts
{
    public required string Server { get; init; }

    /// <summary>Why nobody answers; then nothing else is known.</summary>
    public string? Problem { get; init; }

    public string? Id { get; init; }

    public IReadOnlyList<BrokerInfo> Brokers { get; init; } = [];

    /// <summary>Why a broker does not answer, by its id.</summary>
    public IReadOnlyDictionary<int, string> Silent { get; init; } = new Dictionary<int, string>();

    /// <summary>What could not be asked, as a sentence each: a right that is missing, an API that is.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>Null where no HTTP was named.</summary>
    public string? NotReady { get; init; }

    public bool WasHealthAsked { get; init; }

    /// <summary>The broker's clock ahead of this one; null where it is not known.</summary>
    public TimeSpan? ClockSkew { get; init; }

    public FeatureInfo? MetadataVersion { get; init; }

    public IReadOnlyList<TopicInfo> Topics { get; init; } = [];

    /// <summary>By topic, of those that have replicas out of sync.</summary>
    public IReadOnlyDictionary<string, int> MinimumInSync { get; init; } = new Dictionary<string, int>();

    public IReadOnlyList<LogDirInfo> Folders { get; init; } = [];

    public IReadOnlyList<GroupLag> Groups { get; init; } = [];

    /// <summary>How far a group was behind, and how far a little later; only of groups with members.</summary>
    internal sealed record GroupLag(string Group, long Before, long After, TimeSpan Between);
}
