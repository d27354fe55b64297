using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Share;

/// <summary>A group of KIP-932. All that is durable of it changes by <see cref="ShareGroups.Replay"/> alone.</summary>
public sealed class ShareGroup : Group
{
    private readonly DurableMap<string, ShareMember> _members;
    private readonly DurableMap<string, Assignment> _targets;
    private readonly DurableMap<string, int> _topics;

    internal ShareGroup(string name, UndoLog undo)
        : base(name)
    {
        _members = new(undo);
        _targets = new(undo);
        _topics = new(undo);
        // Epoch 0 is what a member joins with.
        EpochAndHash = new(undo, (1, 0));
        TargetEpoch = new(undo, (1, 0));
        States = new(undo, StatePartitions.None);
    }

    public override GroupKind Kind => GroupKind.Share;

    public override string ProtocolType => "share";

    public override bool HasMembers => _members.Count > 0;

    public override string State => _members.Count == 0 ? "Empty" : "Stable";

    /// <summary>It grows with members, subscriptions and their topics; the hash is of the topics' metadata.</summary>
    internal DurableValue<(int Epoch, long Hash)> EpochAndHash { get; }

    /// <summary>The group's epoch the targets were made for, and when; 1, as the group's, before the first.</summary>
    internal DurableValue<(int Epoch, long Timestamp)> TargetEpoch { get; }

    internal DurableValue<StatePartitions> States { get; }

    /// <summary>The revision of the topics that the group's epoch stands for; -1 where it must be looked at anew. Soft.</summary>
    internal long TopicsRevision { get; set; } = -1;

    /// <summary>When state was asked for last, of topics that wait for it. Soft.</summary>
    internal Dictionary<Uuid, long> AskedAt { get; } = [];

    /// <summary>Topics whose state is being deleted, by how many: they are not asked for before that is over. Soft.</summary>
    internal Dictionary<Uuid, int> Going { get; } = [];

    /// <summary>How many were asked for. Soft.</summary>
    internal int Deletions { get; set; }

    /// <summary>With which somebody may have had it begin elsewhere: the next one needs another, or the two could not be told apart. Soft.</summary>
    internal int AlteredEpoch { get; set; }

    internal int MemberCount => _members.Count;

    internal IEnumerable<ShareMember> Members => _members.Values;

    internal IReadOnlyList<string> MemberIds => [.. _members.Keys];

    /// <summary>How many members subscribe to each topic.</summary>
    internal DurableMap<string, int> Topics => _topics;

    internal IEnumerable<Assignment> Targets => _targets.Values;

    internal ShareMember? FindMember(string id) => _members.Find(id);

    /// <summary>Null where nothing was ever assigned.</summary>
    internal Assignment? FindTarget(string member) => _targets.Find(member);

    internal void SetTarget(string member, Assignment? target)
    {
        if (target is null) _targets.Remove(member);
        else _targets.Set(member, target);
    }

    internal void SetMember(ShareMember member)
    {
        Count(_members.Find(member.Id), member);
        _members.Set(member.Id, member);
    }

    internal void RemoveMember(string id)
    {
        if (!_members.TryGet(id, out var member)) return;
        Count(member, null);
        _members.Remove(id);
    }

    /// <summary>The topics as they would be counted after a change.</summary>
    internal Dictionary<string, int> TopicsAfter(ShareMember? from, ShareMember? to)
    {
        var counts = _topics.ToDictionary(StringComparer.Ordinal);
        foreach (var name in from?.TopicNames ?? [])
        {
            if (--counts[name] == 0) counts.Remove(name);
        }

        foreach (var name in to?.TopicNames ?? []) counts[name] = counts.GetValueOrDefault(name) + 1;
        return counts;
    }

    public override ErrorCode CheckCommit(in OffsetCaller caller, Outcome outcome) => ErrorCode.GroupIdNotFound;

    /// <summary>There are none, and that is no error.</summary>
    public override ErrorCode CheckFetch(in OffsetCaller caller) => ErrorCode.None;

    public override bool IsSubscribedTo(string topic) => _topics.Contains(topic);

    public override ErrorCode CheckOffsetDelete() => ErrorCode.GroupIdNotFound;

    /// <summary>Where it stands its share coordinators keep.</summary>
    public override long? RetentionStart(string topic, long committed) => committed;

    public override void Forget(Outcome outcome)
    {
        var records = new ShareRecords(Name);
        records.ForgetAll(MemberIds);
        records.AppendTo(outcome);
    }

    private void Count(ShareMember? from, ShareMember? to)
    {
        foreach (var name in from?.TopicNames ?? [])
        {
            if (_topics.Find(name) is > 1 and var count) _topics.Set(name, count - 1);
            else _topics.Remove(name);
        }

        foreach (var name in to?.TopicNames ?? []) _topics.Set(name, _topics.Find(name) + 1);
    }
}
