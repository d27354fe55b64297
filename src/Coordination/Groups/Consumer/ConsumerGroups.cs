using Moldau.Coordination.Groups.Classic;
using Moldau.Coordination.Groups.Consumer.Migration;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>The groups of KIP-848 in a shard: every step of theirs is a record, and answers are computed from them.</summary>
public sealed class ConsumerGroups : IGroupProtocol
{
    // A crash between parts of a great assignment leaves the targets' epoch behind the group's: they are made anew.
    private const int ManyRecords = 2000;

    private readonly GroupMachine _machine;
    private readonly ConsumerReplay _replay;
    private readonly ConsumerLeave _leave;

    public ConsumerGroups(GroupMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        _machine = machine;
        _replay = new ConsumerReplay(machine.Undo);
        Timers = new ConsumerTimers(machine.Surroundings);
        Regexes = new RegexSubscriptions(machine.Surroundings);
        _leave = new ConsumerLeave(machine, this);
        Classics = new ClassicMembers(machine, this);
    }

    public IEnumerable<Group> All => _replay.Groups.Values;

    internal ConsumerSurroundings Surroundings => _machine.Surroundings;

    internal ConsumerTimers Timers { get; }

    internal RegexSubscriptions Regexes { get; }

    /// <summary>For requests of the classic protocol to consumer groups.</summary>
    internal ClassicMembers Classics { get; }

    public Group? Find(string name) => FindConsumer(name);

    /// <summary>A member joins, is alive, or leaves.</summary>
    /// <param name="version">The request's.</param>
    /// <param name="mayDescribe">Which topics the member's principal may know of.</param>
    public void Heartbeat(
        ConsumerGroupHeartbeatRequest request, short version, MemberClient client, Func<string, bool> mayDescribe, PendingReply<ConsumerGroupHeartbeatResponse> answer, Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(outcome);
        try
        {
            HeartbeatCheck.Check(request, version, Surroundings.Rules(request.GroupId).Assignors);
            if (request.MemberEpoch is ConsumerMember.LeavingEpoch or ConsumerMember.LeavingForNowEpoch) _leave.Run(request, answer.Response, outcome);
            else new ConsumerHeartbeat(this, request, client, mayDescribe, outcome).Run(answer.Response);
        }
        catch (GroupRefusedException refusal)
        {
            answer.Response.ErrorCode = refusal.Code;
            answer.Response.ErrorMessage = refusal.Message;
            // What was about to be written is not: the topics have to be looked at again.
            if (FindConsumer(request.GroupId) is { } group) group.TopicsRevision = -1;
        }

        outcome.Send(answer);
    }

    public ConsumerGroupDescribeResponse.Group Describe(string name) => ConsumerDescription.Of(name, _machine.Find(name), Surroundings);

    public bool Replay(IMessage key, IMessage? value) => _replay.Replay(key, value);

    public void Loaded(Outcome outcome)
    {
        foreach (var group in _replay.Groups.Values) Timers.SetAll(group, outcome);
    }

    public bool Elapsed(ShardTimer timer, Outcome outcome)
    {
        if (timer.Kind is not (ConsumerTimers.Session or ConsumerTimers.Revocation or ConsumerTimers.Join or ConsumerTimers.Sync or RegexSubscriptions.Timer)) return false;
        if (FindConsumer(timer.Owner) is not { } group) return true;
        if (timer.Kind == RegexSubscriptions.Timer) Regexes.Resolve(group, outcome);
        else if (group.FindMember(timer.Part) is { } member && IsOver(timer, group, member)) _leave.Fence(group, [member], outcome);
        return true;
    }

    public void RolledBack(Outcome outcome)
    {
        foreach (var group in _replay.Groups.Values)
        {
            group.TopicsRevision = -1;
            group.Resolving = null;
            group.RevocationEpochs.Clear();
            Timers.SetAll(group, outcome);
        }
    }

    public void Dropped(Outcome outcome)
    {
    }

    internal ConsumerGroup? FindConsumer(string name) => _replay.Groups.Find(name);

    /// <summary>The group, or one that is about to be; its records are what makes it.</summary>
    internal ConsumerGroup FindOrMake(string name, bool mayMake, ConsumerRecords records, Outcome outcome)
    {
        var known = _machine.Find(name);
        if (known is ConsumerGroup group) return group;
        if (known is null && !mayMake) throw new GroupRefusedException(ErrorCode.GroupIdNotFound, $"Consumer group {name} not found.");
        if (known is null) return new ConsumerGroup(name, _machine.Undo);
        if (!mayMake || known is not ClassicGroup) throw NotConsumer(name);
        if (known.HasMembers) return Upgrade.Run((ClassicGroup)known, this, outcome);
        records.Add(new GroupMetadataKey { Group = name }, null);
        return new ConsumerGroup(name, _machine.Undo);
    }

    internal static GroupRefusedException NotConsumer(string name) => new(ErrorCode.GroupIdNotFound, $"Group {name} is not a consumer group.");

    internal void Fence(ConsumerGroup group, IReadOnlyList<ConsumerMember> members, Outcome outcome) => _leave.Fence(group, members, outcome);

    internal void Append(ConsumerGroup group, ConsumerRecords records, Outcome outcome)
    {
        _replay.Making = group;
        records.AppendTo(outcome);
        _replay.Making = null;
        outcome.MayBeSplit |= outcome.Records.Count > ManyRecords && outcome.Records[0].Key is not GroupMetadataKey;
    }

    internal string NewMemberId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Uuid id;
        do
        {
            _machine.Chance.NextBytes(bytes);
            id = new Uuid(BitConverter.ToUInt64(bytes), BitConverter.ToUInt64(bytes[8..]));
        }
        while (id.ToString().StartsWith('-'));
        return id.ToString();
    }

    private static bool IsOver(ShardTimer timer, ConsumerGroup group, ConsumerMember member) =>
        timer.Kind != ConsumerTimers.Revocation || (group.RevocationEpochs.TryGetValue(member.Id, out var epoch) && epoch == member.Epoch);
}
