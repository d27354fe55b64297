namespace Moldau.Coordination.Groups.Consumer;

/// <summary>A member of a consumer group, as its records say. Never changes.</summary>
internal sealed record ConsumerMember(string Id)
{
    public const int LeavingEpoch = -1;
    public const int LeavingForNowEpoch = -2;

    public int Epoch { get; init; }

    /// <summary>The one before: a reply may have been lost.</summary>
    public int PreviousEpoch { get; init; } = -1;

    public MemberState State { get; init; }

    /// <summary>Null for a dynamic member.</summary>
    public string? InstanceId { get; init; }

    public string? RackId { get; init; }

    public int RebalanceTimeout { get; init; } = -1;

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    /// <summary>Sorted.</summary>
    public IReadOnlyList<string> TopicNames { get; init; } = [];

    /// <summary>Empty, or null in some records, where there is none.</summary>
    public string? TopicRegex { get; init; } = "";

    /// <summary>Null leaves the choice to the others, or the broker.</summary>
    public string? ServerAssignor { get; init; }

    /// <summary>Null for a member that speaks the consumer protocol.</summary>
    public ClassicSide? Classic { get; init; }

    /// <summary>What it may use now.</summary>
    public OwnedPartitions Assigned { get; init; } = OwnedPartitions.Empty;

    /// <summary>What it was told to give up and may still use.</summary>
    public OwnedPartitions Revoking { get; init; } = OwnedPartitions.Empty;

    public bool IsClassic => Classic is not null;

    /// <summary>Null where there is none.</summary>
    public string? Regex => string.IsNullOrEmpty(TopicRegex) ? null : TopicRegex;

    public bool IsReconciledTo(int epoch) => State == MemberState.Stable && Epoch == epoch;

    /// <summary>What stands in the member's metadata record is the same.</summary>
    public bool SaysSameAs(ConsumerMember other) =>
        InstanceId == other.InstanceId && RackId == other.RackId && RebalanceTimeout == other.RebalanceTimeout && ClientId == other.ClientId &&
        ClientHost == other.ClientHost && TopicRegex == other.TopicRegex && ServerAssignor == other.ServerAssignor &&
        TopicNames.SequenceEqual(other.TopicNames) && (Classic is null ? other.Classic is null : Classic.SameAs(other.Classic));

    /// <summary>What stands in the record of its current assignment is the same.</summary>
    public bool HoldsSameAs(ConsumerMember other) =>
        Epoch == other.Epoch && PreviousEpoch == other.PreviousEpoch && State == other.State && Assigned.SameAs(other.Assigned) && Revoking.SameAs(other.Revoking);

    public ConsumerMember AtEpoch(int epoch) => this with { PreviousEpoch = Epoch, Epoch = epoch };
}
