using Moldau.Coordination.Groups.Classic;
using Moldau.Coordination.Groups.Streams.Topologies;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Streams;

/// <summary>The groups of KIP-1071 in a shard: which member runs which tasks of their application.</summary>
public sealed class StreamsGroups : IGroupProtocol
{
    // A crash between parts of a great assignment leaves the targets' epoch behind the group's: they are made anew.
    private const int ManyRecords = 2000;

    private readonly GroupMachine _machine;
    private readonly StreamsReplay _replay;

    public StreamsGroups(GroupMachine machine, StreamsSurroundings surroundings)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(surroundings);
        _machine = machine;
        _replay = new StreamsReplay(machine.Undo, surroundings.Topics);
        Surroundings = surroundings;
        Timers = new StreamsTimers(surroundings);
    }

    public IEnumerable<Group> All => _replay.Groups.Values;

    internal StreamsSurroundings Surroundings { get; }

    internal StreamsTimers Timers { get; }

    public Group? Find(string name) => FindStreams(name);

    /// <summary>A member joins, is alive, or leaves.</summary>
    /// <param name="missing">Is told of internal topics that are to be created, before the answer is given out; it may add to it.</param>
    public void Heartbeat(
        StreamsGroupHeartbeatRequest request, MemberClient client, PendingReply<StreamsGroupHeartbeatResponse> answer,
        Action<IReadOnlyList<InternalTopic>, StreamsGroupHeartbeatResponse, Outcome> missing, Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(missing);
        ArgumentNullException.ThrowIfNull(outcome);
        try
        {
            StreamsHeartbeatCheck.Check(request);
            if (request.MemberEpoch == StreamsMember.LeavingEpoch)
            {
                Leave(request, answer.Response, outcome);
            }
            else
            {
                var topics = new StreamsHeartbeat(this, request, client, outcome).Run(answer.Response);
                if (topics.Count > 0) missing(topics, answer.Response, outcome);
            }
        }
        catch (GroupRefusedException refusal)
        {
            (answer.Response.ErrorCode, answer.Response.ErrorMessage, answer.Response.Status) = (refusal.Code, refusal.Message, []);
            // What was about to be written is not: the topics have to be looked at again.
            if (FindStreams(request.GroupId) is { } group) group.TopicsRevision = -1;
        }

        outcome.Send(answer);
    }

    public StreamsGroupDescribeResponse.Group Describe(string name) => StreamsDescription.Of(name, _machine.Find(name));

    public bool Replay(IMessage key, IMessage? value) => _replay.Replay(key, value);

    public void Loaded(Outcome outcome)
    {
        foreach (var group in _replay.Groups.Values) Timers.SetAll(group, outcome);
    }

    public bool Elapsed(ShardTimer timer, Outcome outcome)
    {
        if (timer.Kind is not (StreamsTimers.Session or StreamsTimers.Revocation or StreamsTimers.Delay)) return false;
        if (FindStreams(timer.Owner) is not { } group) return true;
        if (timer.Kind == StreamsTimers.Delay) EndDelay(group, outcome);
        else if (group.FindMember(timer.Part) is { } member) Fence(group, member, outcome);
        return true;
    }

    public void RolledBack(Outcome outcome)
    {
        foreach (var group in _replay.Groups.Values)
        {
            (group.TopicsRevision, group.Configured) = (-1, null);
            Timers.SetAll(group, outcome);
        }
    }

    public void Dropped(Outcome outcome)
    {
    }

    internal StreamsGroup? FindStreams(string name) => _replay.Groups.Find(name);

    internal bool Knows(StreamsGroup group) => _replay.Groups.Contains(group.Name);

    /// <summary>The group, or one that is about to be; its records are what makes it.</summary>
    internal StreamsGroup FindOrMake(string name, bool mayMake, StreamsRecords records)
    {
        var known = _machine.Find(name);
        if (known is StreamsGroup group) return group;
        if (known is null && !mayMake) throw new GroupRefusedException(ErrorCode.GroupIdNotFound, $"Streams group {name} not found.");
        if (known is not null && !(mayMake && known is ClassicGroup { HasMembers: false })) throw NotStreams(name);
        if (known is not null) records.ForgetClassic();
        return new StreamsGroup(name, _machine.Undo, Surroundings.Topics);
    }

    internal void Append(StreamsGroup group, StreamsRecords records, Outcome outcome)
    {
        _replay.Making = group;
        records.AppendTo(outcome);
        _replay.Making = null;
        outcome.MayBeSplit |= outcome.Records.Count > ManyRecords && outcome.Records[0].Key is not GroupMetadataKey;
    }

    private static GroupRefusedException NotStreams(string name) => new(ErrorCode.GroupIdNotFound, $"Group {name} is not a streams group.");

    private void Leave(StreamsGroupHeartbeatRequest request, StreamsGroupHeartbeatResponse response, Outcome outcome)
    {
        var known = _machine.Find(request.GroupId) ?? throw new GroupRefusedException(ErrorCode.GroupIdNotFound, $"Group {request.GroupId} not found.");
        var group = known as StreamsGroup ?? throw NotStreams(request.GroupId);
        var member = group.FindMember(request.MemberId) ?? throw StreamsHeartbeatCheck.Unknown(request.MemberId, group.Name);
        if (request.ShutdownApplication) group.StoppedBy ??= member.Id;
        (response.MemberId, response.MemberEpoch, response.Status) = (member.Id, request.MemberEpoch, []);
        Fence(group, member, outcome);
    }

    private void Fence(StreamsGroup group, StreamsMember member, Outcome outcome)
    {
        var records = new StreamsRecords(group.Name);
        records.ForgetMember(member.Id);
        records.Stand(group.Stand.Value with { Epoch = group.Stand.Value.Epoch + 1 });
        StreamsTimers.Stop(group, member.Id, outcome);
        Append(group, records, outcome);
    }

    private void EndDelay(StreamsGroup group, Outcome outcome)
    {
        group.IsDelayed = false;
        // Without a look at the topics there is nothing to assign by; the next heartbeat does both.
        if (!group.HasMembers || group.Configured is not { } topology) return;
        var (stand, records) = (group.Stand.Value, new StreamsRecords(group.Name));
        new StreamsTargets(group, Surroundings.Rules(group.Name)).Update(stand.Epoch, null, topology, stand.Settings, records, outcome.Now);
        Append(group, records, outcome);
    }
}
