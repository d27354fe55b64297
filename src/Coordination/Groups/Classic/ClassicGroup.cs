using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Classic;

/// <summary>A classic group as it is at this moment. What of it is stored, its record says.</summary>
public sealed class ClassicGroup : Group
{
    private readonly Dictionary<string, ClassicMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _static = new(StringComparer.Ordinal);

    // How many members know each protocol: a join of thousands must not ask all of them each time.
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
    private readonly ClassicTimers _timers;
    private string _protocolType = "";
    private IReadOnlySet<string>? _topics;

    internal ClassicGroup(string name) : base(name) => _timers = new ClassicTimers(name);

    public override GroupKind Kind => GroupKind.Classic;

    public override string State => Phase.ToString();

    public override string ProtocolType => _protocolType;

    public override bool HasMembers => _members.Count > 0;

    public int Generation { get; internal set; }

    /// <summary>The way to assign that was chosen; null without members.</summary>
    public string? Protocol { get; internal set; }

    public string? Leader { get; internal set; }

    internal ClassicState Phase { get; private set; }

    /// <summary>Whether it was empty before it prepared this rebalance.</summary>
    internal bool WasEmpty { get; private set; }

    internal long Since { get; private set; } = -1;

    internal ClassicTimers Timers => _timers;

    internal Dictionary<string, ClassicMember>.ValueCollection Members => _members.Values;

    internal int Count => _members.Count;

    /// <summary>Ids that were given, and with which nobody has joined yet.</summary>
    internal HashSet<string> PendingJoins { get; } = new(StringComparer.Ordinal);

    /// <summary>Members of this generation that have not asked for their assignment yet.</summary>
    internal HashSet<string> PendingSyncs { get; } = new(StringComparer.Ordinal);

    internal int JoinCount { get; private set; }

    /// <summary>Somebody came since the initial delay was last looked at.</summary>
    internal bool HasNewMember { get; set; }

    /// <summary>Of the initial delay, what may still be waited, in milliseconds.</summary>
    internal int DelayLeft { get; set; }

    /// <summary>The record this group believes to be stored.</summary>
    internal GroupMetadataValue? Stored { get; set; }

    internal bool HasAllJoined => _members.Count == JoinCount && PendingJoins.Count == 0;

    internal int RebalanceTimeout => _members.Count == 0 ? 0 : _members.Values.Max(static member => member.RebalanceTimeout);

    internal ClassicMember? Find(string member) => _members.GetValueOrDefault(member);

    internal string? StaticMember(string instance) => _static.GetValueOrDefault(instance);

    internal void Enter(ClassicState state, long now)
    {
        WasEmpty = Phase == ClassicState.Empty;
        (Phase, Since) = (state, now);
    }

    internal void Restore(ClassicState state, long since, string protocolType) => (Phase, Since, _protocolType) = (state, since, protocolType);

    internal void Add(ClassicMember member, string protocolType)
    {
        if (_members.Count == 0) _protocolType = protocolType;
        Leader ??= member.Id;
        _members[member.Id] = member;
        CountProtocols(member, 1);
        if (member.InstanceId is { } instance) _static[instance] = member.Id;
        if (member.Join is not null) JoinCount++;
        PendingJoins.Remove(member.Id);
    }

    internal void Remove(ClassicMember member)
    {
        _members.Remove(member.Id);
        CountProtocols(member, -1);
        if (member.InstanceId is { } instance && StaticMember(instance) == member.Id) _static.Remove(instance);
        if (member.Join is not null) JoinCount--;
        PendingSyncs.Remove(member.Id);
        if (Leader == member.Id) Leader = _members.Keys.FirstOrDefault();
    }

    /// <summary>A static member has come back: it takes the other's place under a new id.</summary>
    internal void Rename(ClassicMember member, string id)
    {
        _members.Remove(member.Id);
        if (PendingSyncs.Remove(member.Id)) PendingSyncs.Add(id);
        if (Leader == member.Id) Leader = id;
        member.Id = id;
        _members[id] = member;
        _static[member.InstanceId!] = id;
    }

    internal void SetJoin(ClassicMember member, PendingReply<JoinGroupResponse>? reply)
    {
        if (member.Join is null != reply is null) JoinCount += reply is null ? -1 : 1;
        member.Join = reply;
    }

    internal void SetProtocols(ClassicMember member, IReadOnlyList<GroupProtocolOffer> offers)
    {
        CountProtocols(member, -1);
        member.Protocols = offers;
        CountProtocols(member, 1);
    }

    /// <summary>Whether all members know one of these.</summary>
    internal bool KnowsOneOf(IReadOnlyList<GroupProtocolOffer> offers)
    {
        foreach (var offer in offers)
        {
            if (_known.GetValueOrDefault(offer.Name) == _members.Count) return true;
        }

        return false;
    }

    internal void SetTopics(IReadOnlySet<string>? topics) => _topics = topics;

    internal ErrorCode CheckMember(string member, string? instance)
    {
        if (instance is not null)
        {
            if (StaticMember(instance) is not { } known) return ErrorCode.UnknownMemberId;
            if (known != member) return ErrorCode.FencedInstanceId;
        }

        return _members.ContainsKey(member) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    public override ErrorCode CheckCommit(in OffsetCaller caller, Outcome outcome)
    {
        if (caller.Epoch < 0 && Phase == ClassicState.Empty) return ErrorCode.None;
        if (caller.Epoch >= 0 || caller.MemberId.Length > 0 || caller.InstanceId is not null)
        {
            if (CheckMember(caller.MemberId, caller.InstanceId) is var fault && fault != ErrorCode.None) return fault;
            if (caller.Epoch != Generation) return ErrorCode.IllegalGeneration;
        }
        else if (!caller.IsTransactional && Phase != ClassicState.Empty)
        {
            // Who is no member may commit as long as nobody is.
            return ErrorCode.UnknownMemberId;
        }

        // The generation is new, and what the member commits may belong to the one before.
        if (!caller.IsTransactional && Phase == ClassicState.CompletingRebalance) return ErrorCode.RebalanceInProgress;
        if (!caller.IsTransactional && Find(caller.MemberId) is { } member) _timers.Heard(member, outcome);
        return ErrorCode.None;
    }

    public override ErrorCode CheckFetch(in OffsetCaller caller) => ErrorCode.None;

    public override bool IsSubscribedTo(string topic) => IsConsumers && Phase != ClassicState.Empty && (_topics is null || _topics.Contains(topic));

    public override ErrorCode CheckOffsetDelete() => Phase == ClassicState.Empty || IsConsumers ? ErrorCode.None : ErrorCode.NonEmptyGroup;

    public override long? RetentionStart(string topic, long committed)
    {
        if (_protocolType.Length == 0) return committed;
        if (Phase == ClassicState.Empty) return Since >= 0 ? Since : committed;
        return IsConsumers && Phase == ClassicState.Stable && _topics is { } topics && !topics.Contains(topic) ? committed : null;
    }

    public override void Forget(Outcome outcome) => outcome.Append(new GroupMetadataKey { Group = Name }, null);

    internal bool IsConsumers => _protocolType == "consumer";

    private void CountProtocols(ClassicMember member, int change)
    {
        foreach (var offer in member.Protocols)
        {
            var count = _known.GetValueOrDefault(offer.Name) + change;
            if (count > 0) _known[offer.Name] = count;
            else _known.Remove(offer.Name);
        }
    }
}
