using Moldau.Coordination.Groups.Streams.Topologies;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Streams;

/// <summary>A group of KIP-1071. All that is durable of it changes by <see cref="StreamsGroups.Replay"/> alone.</summary>
public sealed class StreamsGroup : Group
{
    private const short FirstWithMemberEpoch = 9;

    private readonly DurableMap<string, StreamsMember> _members;
    private readonly DurableMap<string, MemberTasks> _targets;
    private readonly Func<ITopicDirectory> _topics;

    internal StreamsGroup(string name, UndoLog undo, Func<ITopicDirectory> topics)
        : base(name)
    {
        _members = new(undo);
        _targets = new(undo);
        _topics = topics;
        // Epoch 0 is what a member joins with.
        Stand = new(undo, new GroupStand(1, 0, 0, []));
        TargetEpoch = new(undo, (1, 0));
        Topology = new(undo, null);
        Holders = new(undo);
    }

    public override GroupKind Kind => GroupKind.Streams;

    public override string ProtocolType => "streams";

    public override bool HasMembers => _members.Count > 0;

    public override string State
    {
        get
        {
            if (_members.Count == 0) return "Empty";
            if (Topology.Value?.Epoch != Stand.Value.ValidatedTopology) return "NotReady";
            if (Stand.Value.Epoch > TargetEpoch.Value.Epoch) return "Assigning";
            return _members.Values.All(member => member.IsReconciledTo(TargetEpoch.Value.Epoch)) ? "Stable" : "Reconciling";
        }
    }

    /// <summary>What the group's own record says.</summary>
    internal DurableValue<GroupStand> Stand { get; }

    /// <summary>The group's epoch the targets were made for, and when; 1, as the group's, before the first.</summary>
    internal DurableValue<(int Epoch, long Timestamp)> TargetEpoch { get; }

    /// <summary>Null before the first member told it.</summary>
    internal DurableValue<StreamsTopology?> Topology { get; }

    internal TaskHolders Holders { get; }

    /// <summary>The topology beside the topics of <see cref="TopicsRevision"/>. Soft.</summary>
    internal ConfiguredTopology? Configured { get; set; }

    /// <summary>The revision of the topics that the group's epoch stands for; -1 where it must be looked at anew. Soft.</summary>
    internal long TopicsRevision { get; set; } = -1;

    /// <summary>Its first assignment waits for further members. Soft.</summary>
    internal bool IsDelayed { get; set; }

    /// <summary>The member that wants the whole application to stop. Soft.</summary>
    internal string? StoppedBy { get; set; }

    /// <summary>Grows with what members that answer questions have. Soft, and begins anew.</summary>
    internal int EndpointEpoch { get; set; }

    internal int MemberCount => _members.Count;

    internal IEnumerable<StreamsMember> Members => _members.Values;

    internal IReadOnlyList<string> MemberIds => [.. _members.Keys];

    internal StreamsMember? FindMember(string id) => _members.Find(id);

    /// <summary>Null where nothing was ever assigned.</summary>
    internal MemberTasks? FindTarget(string member) => _targets.Find(member);

    internal void SetTarget(string member, MemberTasks? target)
    {
        if (target is null) _targets.Remove(member);
        else _targets.Set(member, target);
    }

    internal void SetMember(StreamsMember member)
    {
        Holders.Change(_members.Find(member.Id), member);
        _members.Set(member.Id, member);
    }

    internal void RemoveMember(string id)
    {
        if (!_members.TryGet(id, out var member)) return;
        Holders.Change(member, null);
        _members.Remove(id);
        // Whoever comes next is not meant.
        if (_members.Count == 0) StoppedBy = null;
    }

    public override ErrorCode CheckCommit(in OffsetCaller caller, Outcome outcome)
    {
        if (IsNoMember(caller)) return ErrorCode.None;
        if (FindMember(caller.MemberId) is not { } member) return ErrorCode.UnknownMemberId;
        if (!caller.IsTransactional && caller.Version < FirstWithMemberEpoch) return ErrorCode.UnsupportedVersion;
        return caller.Epoch > member.Epoch ? ErrorCode.StaleMemberEpoch : ErrorCode.None;
    }

    // An older epoch is good as long as the task was the member's in it and has not changed hands since.
    public override ErrorCode CheckCommitOf(in OffsetCaller caller, string name, Uuid topic, int partition)
    {
        if (IsNoMember(caller) || FindMember(caller.MemberId) is not { } member || caller.Epoch == member.Epoch) return ErrorCode.None;
        if (Topology.Value?.ReaderOf(name) is not { } subtopology) return ErrorCode.StaleMemberEpoch;
        var task = new TaskId(subtopology, partition);
        var assigned = member.Assigned.Active.EpochOf(task) ?? member.Revoking.Active.EpochOf(task);
        return assigned is { } epoch && caller.Epoch >= epoch ? ErrorCode.None : ErrorCode.StaleMemberEpoch;
    }

    public override ErrorCode CheckFetch(in OffsetCaller caller)
    {
        if (caller.MemberId.Length == 0 && caller.Epoch < 0) return ErrorCode.None;
        if (FindMember(caller.MemberId) is not { } member) return ErrorCode.UnknownMemberId;
        return caller.Epoch == member.Epoch ? ErrorCode.None : ErrorCode.StaleMemberEpoch;
    }

    public override bool IsSubscribedTo(string topic) => HasMembers && Topology.Value?.ReaderOf(topic) is not null;

    public override ErrorCode CheckOffsetDelete() => ErrorCode.None;

    public override long? RetentionStart(string topic, long committed) => IsSubscribedTo(topic) ? null : committed;

    public override void Forget(Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (IsDelayed) outcome.StopTimer(StreamsTimers.DelayOf(this));
        var records = new StreamsRecords(Name);
        records.ForgetAll(MemberIds);
        records.AppendTo(outcome);
    }

    /// <summary>As known now.</summary>
    internal ITopicDirectory Topics => _topics();

    private bool IsNoMember(in OffsetCaller caller) =>
        (caller.Epoch < 0 && _members.Count == 0) || (caller.IsTransactional && caller.Epoch == -1 && caller.MemberId.Length == 0 && caller.InstanceId is null);
}
