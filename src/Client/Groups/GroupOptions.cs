namespace Moldau.Client.Groups;

/// <summary>How a consumer is a member of its group.</summary>
public sealed record GroupOptions
{
    public GroupProtocol Protocol { get; init; } = GroupProtocol.Auto;

    /// <summary>
    /// For the classic protocol, the preferred first; who gives them asks for that protocol, unless <see cref="Protocol"/> says
    /// otherwise. Null: cooperative-sticky, then range. As long as one of them is not cooperative, members give everything up
    /// in each round, since a group may choose that one at any time; a rolling change first adds, then removes.
    /// </summary>
    public IReadOnlyList<ClassicAssignor>? Assignors { get; init; }

    /// <summary>For the consumer protocol: the coordinator's assignor, such as <c>uniform</c> or <c>range</c>. Null: its choice.</summary>
    public string? ServerAssignor { get; init; }

    /// <summary>The name by which a static member comes back and has its partitions again (KIP-345).</summary>
    public string? InstanceId { get; init; }

    /// <summary>Whether a static member that closes leaves its partitions to others, too.</summary>
    public bool LeavesForGood { get; init; }

    public string? Rack { get; init; }

    /// <summary>For the classic protocol: who is not heard of for so long is out. The consumer protocol has the broker's setting.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>For the classic protocol. The consumer protocol has the broker's setting.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a member may take to give partitions up. Three fifths of it are the handlers'; then their tokens are
    /// cancelled, and what is not done by the time of the commit comes again, to whoever has the partition next.</summary>
    public TimeSpan RebalanceTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A consumer that has records and makes no progress for so long leaves its group until it does.</summary>
    public TimeSpan MaxPollInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Partitions were gained; called before the first record of them.</summary>
    public Func<IReadOnlyList<TopicPartition>, CancellationToken, ValueTask>? OnAssigned { get; init; }

    /// <summary>
    /// Partitions are about to be given away; called when their handlers have ended, before the last commit. The token is
    /// cancelled when the group waits no longer.
    /// </summary>
    public Func<IReadOnlyList<TopicPartition>, CancellationToken, ValueTask>? OnRevoking { get; init; }

    /// <summary>Partitions belong to others already; nothing of them can be committed.</summary>
    public Func<IReadOnlyList<TopicPartition>, ValueTask>? OnLost { get; init; }

    internal void Check(string group)
    {
        if (group.Length == 0) throw new ArgumentException("a group has a name; the empty one is for nobody");
        if (HeartbeatInterval <= TimeSpan.Zero || HeartbeatInterval >= SessionTimeout)
            throw new ArgumentException($"heartbeats every {HeartbeatInterval} in a session of {SessionTimeout}: give an interval above zero and well below the session's time");
        if (RebalanceTimeout <= TimeSpan.Zero) throw new ArgumentException($"a rebalance timeout of {RebalanceTimeout}; it takes some time");
        if (MaxPollInterval <= TimeSpan.Zero) throw new ArgumentException($"a poll interval of {MaxPollInterval}; it takes some time");
        if (Assignors is { Count: 0 }) throw new ArgumentException("no assignor in the list; leave it null for those that are usual");
        if (InstanceId is { Length: 0 }) throw new ArgumentException("an instance id without characters; leave it null for none");
    }
}
