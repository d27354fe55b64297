using Moldau.Coordination.Groups.Consumer.Assignors;

namespace Moldau.Coordination.Groups.Share;

/// <summary>A member of a share group, as its records say. Never changes.</summary>
internal sealed record ShareMember(string Id)
{
    public const int LeavingEpoch = -1;

    public int Epoch { get; init; }

    /// <summary>The one before: a reply may have been lost.</summary>
    public int PreviousEpoch { get; init; } = -1;

    public string? RackId { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    /// <summary>Sorted.</summary>
    public IReadOnlyList<string> TopicNames { get; init; } = [];

    /// <summary>What it fetches from. Others may have the same, so it is always at its target.</summary>
    public Assignment Assigned { get; init; } = Assignment.Empty;

    public bool SubscribesAs(ShareMember other) => TopicNames.SequenceEqual(other.TopicNames, StringComparer.Ordinal);

    /// <summary>What stands in the member's metadata record is the same.</summary>
    public bool SaysSameAs(ShareMember other) => RackId == other.RackId && ClientId == other.ClientId && ClientHost == other.ClientHost && SubscribesAs(other);

    /// <summary>What stands in the record of its current assignment is the same.</summary>
    public bool HoldsSameAs(ShareMember other) => Epoch == other.Epoch && PreviousEpoch == other.PreviousEpoch && Assigned.SameAs(other.Assigned);
}
