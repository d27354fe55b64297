using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>A group of KIP-848. All that is durable of it changes by <see cref="ConsumerGroups.Replay"/> alone.</summary>
public sealed class ConsumerGroup : Group
{
    private const short FirstWithMemberEpoch = 9;

    private readonly DurableMap<string, ConsumerMember> _members;
    private readonly DurableMap<string, Assignment> _targets;
    private readonly DurableMap<string, string> _static;
    private readonly DurableValue<int> _classicMembers;

    internal ConsumerGroup(string name, UndoLog undo)
        : base(name)
    {
        _members = new(undo);
        _targets = new(undo);
        _static = new(undo);
        _classicMembers = new(undo, 0);
        // Epoch 0 is what a member joins with.
        EpochAndHash = new(undo, (1, 0));
        TargetEpoch = new(undo, (-1, 0));
        HasPartitionMetadata = new(undo, false);
        Subscriptions = new(undo);
        Held = new(undo);
    }

    public override GroupKind Kind => GroupKind.Consumer;

    public override string ProtocolType => "consumer";

    public override bool HasMembers => _members.Count > 0;

    public override string State
    {
        get
        {
            if (_members.Count == 0) return "Empty";
            if (EpochAndHash.Value.Epoch > TargetEpoch.Value.Epoch) return "Assigning";
            return _members.Values.All(member => member.IsReconciledTo(TargetEpoch.Value.Epoch)) ? "Stable" : "Reconciling";
        }
    }

    /// <summary>It grows with members, subscriptions and their topics; the hash is of the topics' metadata.</summary>
    internal DurableValue<(int Epoch, long Hash)> EpochAndHash { get; }

    /// <summary>The group's epoch the targets were made for, and when; -1 before the first.</summary>
    internal DurableValue<(int Epoch, long Timestamp)> TargetEpoch { get; }

    /// <summary>An older broker wrote a record that is to be cleared.</summary>
    internal DurableValue<bool> HasPartitionMetadata { get; }

    internal Subscriptions Subscriptions { get; }

    internal PartitionEpochs Held { get; }

    /// <summary>The revision of the topics that the group's epoch stands for; -1 where it must be looked at anew. Soft.</summary>
    internal long TopicsRevision { get; set; } = -1;

    /// <summary>The epoch in which each member that must give partitions up was told so. Soft.</summary>
    internal Dictionary<string, int> RevocationEpochs { get; } = new(StringComparer.Ordinal);

    /// <summary>Members of the classic protocol that were told to join again. Soft.</summary>
    internal HashSet<string> AwaitedJoins { get; } = new(StringComparer.Ordinal);

    /// <summary>Expressions are about to be matched, for one who may see these topics. Soft.</summary>
    internal Func<string, bool>? Resolving { get; set; }

    internal int MemberCount => _members.Count;

    internal IEnumerable<ConsumerMember> Members => _members.Values;

    internal IReadOnlyList<string> MemberIds => [.. _members.Keys];

    internal int ClassicMemberCount => _classicMembers.Value;

    internal bool HasMember(string id) => _members.Contains(id);

    internal ConsumerMember? FindMember(string id) => _members.Find(id);

    internal ConsumerMember? StaticMember(string? instance) =>
        instance is not null && _static.TryGet(instance, out var id) ? _members.Find(id) : null;

    internal string? StaticMemberId(string? instance) => instance is null ? null : _static.Find(instance);

    /// <summary>Null where nothing was ever assigned.</summary>
    internal Assignment? FindTarget(string member) => _targets.Find(member);

    internal bool HasTargets => _targets.Count > 0;

    internal void SetTarget(string member, Assignment? target)
    {
        if (target is null) _targets.Remove(member);
        else _targets.Set(member, target);
    }

    internal void SetMember(ConsumerMember member)
    {
        var before = _members.Find(member.Id);
        Follow(before, member);
        _members.Set(member.Id, member);
    }

    internal void RemoveMember(string id)
    {
        if (!_members.TryGet(id, out var member)) return;
        Follow(member, null);
        _members.Remove(id);
    }

    public override ErrorCode CheckCommit(in OffsetCaller caller, Outcome outcome)
    {
        if (IsNoMember(caller)) return ErrorCode.None;
        if (FindMember(caller.MemberId) is not { } member) return ErrorCode.UnknownMemberId;
        if (!caller.IsTransactional && !member.IsClassic && caller.Version < FirstWithMemberEpoch) return ErrorCode.UnsupportedVersion;
        return caller.Epoch > member.Epoch ? Stale(member) : ErrorCode.None;
    }

    // An older epoch is good as long as the partition was the member's in it and has not changed hands since.
    public override ErrorCode CheckCommitOf(in OffsetCaller caller, string name, Uuid topic, int partition)
    {
        if (IsNoMember(caller) || FindMember(caller.MemberId) is not { } member || caller.Epoch == member.Epoch) return ErrorCode.None;
        var assigned = member.Assigned.EpochOf(topic, partition) ?? member.Revoking.EpochOf(topic, partition);
        return assigned is { } epoch && caller.Epoch >= epoch ? ErrorCode.None : Stale(member);
    }

    public override ErrorCode CheckFetch(in OffsetCaller caller)
    {
        if (caller.MemberId.Length == 0 && caller.Epoch < 0) return ErrorCode.None;
        if (FindMember(caller.MemberId) is not { } member) return ErrorCode.UnknownMemberId;
        return caller.Epoch == member.Epoch ? ErrorCode.None : Stale(member);
    }

    public override bool IsSubscribedTo(string topic) => Subscriptions.HasTopic(topic);

    public override ErrorCode CheckOffsetDelete() => ErrorCode.None;

    public override long? RetentionStart(string topic, long committed) => IsSubscribedTo(topic) ? null : committed;

    public override void Forget(Outcome outcome)
    {
        var records = new ConsumerRecords(Name);
        records.ForgetAll(MemberIds, [.. Subscriptions.Resolved.Keys]);
        records.AppendTo(outcome);
    }

    private static ErrorCode Stale(ConsumerMember member) => member.IsClassic ? ErrorCode.IllegalGeneration : ErrorCode.StaleMemberEpoch;

    private bool IsNoMember(in OffsetCaller caller) =>
        (caller.Epoch < 0 && _members.Count == 0) || (caller.IsTransactional && caller.Epoch == -1 && caller.MemberId.Length == 0 && caller.InstanceId is null);

    private void Follow(ConsumerMember? before, ConsumerMember? after)
    {
        Subscriptions.Change(before, after);
        Held.Change(before, after);
        _classicMembers.Set(_classicMembers.Value + (after is { IsClassic: true } ? 1 : 0) - (before is { IsClassic: true } ? 1 : 0));
        if (after?.InstanceId is { } instance) _static.Set(instance, after.Id);
        else if (before?.InstanceId is { } left && _static.Find(left) == before.Id) _static.Remove(left);
    }
}
