using Moldau.Coordination.Groups.Consumer;
using Moldau.Coordination.Groups.Consumer.Migration;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Classic;

/// <summary>
/// The classic groups of a shard. Their records say who was in them when the last generation was settled; who is, and what
/// they wait for, is soft. Offsets that were committed without any group make an empty one.
/// </summary>
public sealed class ClassicGroups : IGroupProtocol
{
    private readonly GroupMachine _machine;
    private readonly DurableMap<string, GroupMetadataValue> _records;
    private readonly Dictionary<string, ClassicGroup> _groups = new(StringComparer.Ordinal);
    private readonly ClassicRebalance _rebalance;
    private readonly ClassicJoin _join;
    private readonly ClassicMembership _membership;

    public ClassicGroups(GroupMachine machine)
    {
        _machine = machine;
        _records = new DurableMap<string, GroupMetadataValue>(machine.Undo);
        _rebalance = new ClassicRebalance(machine);
        _join = new ClassicJoin(machine, _rebalance);
        _membership = new ClassicMembership(_rebalance);
    }

    public IEnumerable<Group> All
    {
        get
        {
            foreach (var name in _groups.Keys.Concat(_records.Keys).Concat(_machine.Offsets.Store.Groups).Distinct(StringComparer.Ordinal).ToList())
            {
                // Another protocol may have the name: its offsets make no classic group then.
                if (_machine.Find(name) is ClassicGroup group) yield return group;
            }
        }
    }

    public Group? Find(string name) => FindClassic(name);

    public void Join(JoinGroupRequest request, short version, MemberClient client, PendingReply<JoinGroupResponse> reply, Outcome outcome)
    {
        if (_machine.Consumer.FindConsumer(request.GroupId) is { } consumer)
        {
            if (consumer.HasMembers)
            {
                _machine.Consumer.Classics.Join(consumer, request, version, client, reply, outcome);
                return;
            }

            // Nobody is left in it: its name is free.
            consumer.Forget(outcome);
        }

        if (_machine.Streams.FindStreams(request.GroupId) is { } streams)
        {
            if (streams.HasMembers)
            {
                ClassicReplies.Fail(reply, ErrorCode.InconsistentGroupProtocol, "", outcome);
                return;
            }

            streams.Forget(outcome);
        }

        // Its name is never free: its partitions have a state of their own as long as it is there.
        if (_machine.Share.FindShare(request.GroupId) is not null)
        {
            ClassicReplies.Fail(reply, ErrorCode.InconsistentGroupProtocol, "", outcome);
            return;
        }

        _join.Run(FindClassic(request.GroupId), request, version, client, reply, outcome);
    }

    public void Sync(SyncGroupRequest request, PendingReply<SyncGroupResponse> reply, Outcome outcome)
    {
        if (_machine.Consumer.FindConsumer(request.GroupId) is { } consumer) _machine.Consumer.Classics.Sync(consumer, request, reply, outcome);
        else ClassicMembership.Sync(FindClassic(request.GroupId), request, reply, outcome);
    }

    public void Heartbeat(HeartbeatRequest request, PendingReply<HeartbeatResponse> reply, Outcome outcome)
    {
        reply.Response.ErrorCode = _machine.Consumer.FindConsumer(request.GroupId) is { } consumer
            ? _machine.Consumer.Classics.Heartbeat(consumer, request, outcome)
            : ClassicMembership.Heartbeat(FindClassic(request.GroupId), request, outcome);
        outcome.Send(reply);
    }

    public void Leave(LeaveGroupRequest request, short version, PendingReply<LeaveGroupResponse> reply, Outcome outcome)
    {
        const short FirstWithMany = 3;
        var (group, consumer) = (FindClassic(request.GroupId), _machine.Consumer.FindConsumer(request.GroupId));
        if (version < FirstWithMany)
        {
            var told = new LeaveGroupResponse.Member { ErrorCode = ErrorCode.UnknownMemberId };
            Leave(group, consumer, [(request.MemberId, null, told)], outcome);
            reply.Response.ErrorCode = told.ErrorCode;
        }
        else
        {
            var leaving = new List<(string, string?, LeaveGroupResponse.Member)>();
            foreach (var member in request.Members)
            {
                var told = new LeaveGroupResponse.Member { MemberId = member.MemberId, GroupInstanceId = member.GroupInstanceId, ErrorCode = ErrorCode.UnknownMemberId };
                reply.Response.Members.Add(told);
                leaving.Add((member.MemberId, member.GroupInstanceId, told));
            }

            Leave(group, consumer, leaving, outcome);
        }

        outcome.Send(reply);
    }

    private void Leave(ClassicGroup? group, ConsumerGroup? consumer, IReadOnlyList<(string, string?, LeaveGroupResponse.Member)> leaving, Outcome outcome)
    {
        if (consumer is not null) _machine.Consumer.Classics.Leave(consumer, leaving, outcome);
        else if (group is not null) _membership.Leave(group, leaving, outcome);
    }

    /// <returns>False where there is no such group.</returns>
    public bool Describe(string name, DescribeGroupsResponse.Group told)
    {
        if (FindClassic(name) is not { } group) return false;
        var isStable = group.Phase == ClassicState.Stable;
        (told.GroupState, told.ProtocolType, told.ProtocolData) = (group.State, group.ProtocolType, isStable ? group.Protocol ?? "" : "");
        foreach (var member in group.Members)
        {
            told.Members.Add(new DescribeGroupsResponse.Member
            {
                MemberId = member.Id, GroupInstanceId = member.InstanceId, ClientId = member.Client.Id, ClientHost = member.Client.Host,
                MemberMetadata = isStable ? member.Metadata(group.Protocol) : default, MemberAssignment = member.Assignment,
            });
        }

        return true;
    }

    public bool Replay(IMessage key, IMessage? value)
    {
        if (key is not GroupMetadataKey group) return false;
        if (value is GroupMetadataValue record)
        {
            _records.Set(group.Group, record);
            return true;
        }

        _records.Remove(group.Group);
        _groups.Remove(group.Group);
        return true;
    }

    public void Loaded(Outcome outcome)
    {
        foreach (var (name, _) in _records)
        {
            var group = FindClassic(name)!;
            ClassicRebalance.SetTimers(group, outcome);
            // The limit may have become smaller.
            if (group.Count > _machine.Rules().MaxClassicSize) _rebalance.Prepare(group, outcome);
        }
    }

    public bool Elapsed(ShardTimer timer, Outcome outcome)
    {
        if (timer.Kind is not (ClassicTimers.Session or ClassicTimers.Join or ClassicTimers.Sync)) return false;
        if (!_groups.TryGetValue(timer.Owner, out var group)) return true;
        if (timer.Kind == ClassicTimers.Session) _rebalance.SessionElapsed(group, timer.Part, outcome);
        else if (timer.Kind == ClassicTimers.Join) _rebalance.JoinElapsed(group, outcome);
        else _rebalance.SyncElapsed(group, outcome);
        return true;
    }

    /// <summary>A group whose last generation could not be stored agrees anew on one.</summary>
    public void RolledBack(Outcome outcome)
    {
        // A downgrade that was taken back: the name is another group's again.
        foreach (var name in _groups.Keys.Where(HasOther).ToList()) _groups.Remove(name);
        foreach (var (name, _) in _records) FindClassic(name);
        foreach (var group in _groups.Values.ToList())
        {
            // Waiting members have been told; nobody is to be told twice.
            if (group.Stored != _records.Find(group.Name))
            {
                group.Stored = _records.Find(group.Name);
                if (group.Phase is ClassicState.Stable)
                {
                    ClassicRebalance.DropAssignments(group, ErrorCode.NotCoordinator, outcome);
                    _rebalance.Prepare(group, outcome);
                }
            }

            ClassicRebalance.SetTimers(group, outcome);
            if (!group.HasMembers && group.PendingJoins.Count == 0 && group.Stored is null && !_machine.Offsets.Store.Has(group.Name)) _groups.Remove(group.Name);
        }
    }

    public void Dropped(Outcome outcome)
    {
        const string Reason = "the coordinator has moved";
        foreach (var group in _groups.Values)
        {
            foreach (var member in group.Members)
            {
                if (member.Join is { } join) outcome.Fail(join, ErrorCode.NotCoordinator, Reason);
                if (member.Sync is { } sync) outcome.Fail(sync, ErrorCode.NotCoordinator, Reason);
            }
        }
    }

    /// <summary>A consumer group goes on as a classic one.</summary>
    /// <param name="protocol">The one that all members know.</param>
    internal void Adopt(string name, IReadOnlyList<ClassicMember> members, int generation, string? protocol, bool mustRebalance, Outcome outcome)
    {
        var group = Ensure(name);
        foreach (var member in members) group.Add(member, EmbeddedProtocol.Type);
        (group.Generation, group.Protocol) = (generation, protocol);
        group.Enter(ClassicState.Stable, outcome.Now);
        group.SetTopics(Subscriptions.Of(group));
        ClassicRecord.Append(group, outcome);
        ClassicRebalance.SetTimers(group, outcome);
        if (mustRebalance) _rebalance.Prepare(group, outcome);
    }

    internal ClassicGroup? FindClassic(string name)
    {
        // Its offsets make no other group of its name.
        if (HasOther(name)) return null;
        if (_groups.TryGetValue(name, out var group)) return group;
        if (_records.TryGet(name, out var record))
        {
            group = Ensure(name);
            ClassicRecord.Restore(group, record);
            return group;
        }

        return _machine.Offsets.Store.Has(name) ? Ensure(name) : null;
    }

    private bool HasOther(string name) => _machine.Consumer.FindConsumer(name) is not null || _machine.Streams.FindStreams(name) is not null || _machine.Share.FindShare(name) is not null;

    /// <summary>The group, made where there is none.</summary>
    internal ClassicGroup Ensure(string name)
    {
        if (_groups.TryGetValue(name, out var group)) return group;
        _groups[name] = group = new ClassicGroup(name);
        return group;
    }
}
