namespace Moldau.Coordination.Groups.Streams;

/// <summary>A member of a streams group, as its records say: a thread of an application. Never changes.</summary>
internal sealed record StreamsMember(string Id)
{
    public const int LeavingEpoch = -1;
    public const int LeavingForNowEpoch = -2;

    public int Epoch { get; init; }

    /// <summary>The one before: a reply may have been lost.</summary>
    public int PreviousEpoch { get; init; }

    public TaskState State { get; init; } = TaskState.Stable;

    /// <summary>Null for a dynamic member, which all are as yet.</summary>
    public string? InstanceId { get; init; }

    public string? RackId { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    public int RebalanceTimeout { get; init; } = -1;

    /// <summary>Of the topology it runs.</summary>
    public int TopologyEpoch { get; init; } = -1;

    /// <summary>The same for all members that share a folder of state.</summary>
    public string ProcessId { get; init; } = "";

    public UserEndpoint? Endpoint { get; init; }

    /// <summary>Sorted.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <summary>What it may run now.</summary>
    public MemberTasks Assigned { get; init; } = MemberTasks.Empty;

    /// <summary>What it was told to give up and may still run.</summary>
    public MemberTasks Revoking { get; init; } = MemberTasks.Empty;

    public bool IsReconciledTo(int epoch) => State == TaskState.Stable && Epoch == epoch;

    /// <summary>What stands in the member's metadata record is the same.</summary>
    public bool SaysSameAs(StreamsMember other) =>
        InstanceId == other.InstanceId && RackId == other.RackId && ClientId == other.ClientId && ClientHost == other.ClientHost &&
        RebalanceTimeout == other.RebalanceTimeout && TopologyEpoch == other.TopologyEpoch && ProcessId == other.ProcessId &&
        Endpoint == other.Endpoint && Tags.SequenceEqual(other.Tags);

    /// <summary>What stands in the record of its current assignment is the same.</summary>
    public bool HoldsSameAs(StreamsMember other) =>
        Epoch == other.Epoch && PreviousEpoch == other.PreviousEpoch && State == other.State && Assigned.SameAs(other.Assigned) && Revoking.SameAs(other.Revoking);

    public StreamsMember AtEpoch(int epoch) => this with { PreviousEpoch = Epoch, Epoch = epoch };
}
