using Moldau.Coordination.Groups;
using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Coordination.Groups.Share;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Unit.Storage.Simulation;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>A group coordinator, whose log is compacted, and what members and administrators ask of it.</summary>
internal sealed class SimulatedGroups
{
    private static readonly ShareRules s_rules = new() { SessionTimeout = 200, HeartbeatInterval = 20, AssignmentInterval = 20, MaxSize = 5, InitializeRetryInterval = 100 };

    private readonly Random _chance;
    private readonly Happenings _seen;
    private readonly SimulatedShard<GroupMachine> _shard;
    private long _now;

    public SimulatedGroups(ITopicDirectory topics, SimulatedPeers peers, Random chance, Happenings seen)
    {
        (_chance, _seen) = (chance, seen);
        _shard = new SimulatedShard<GroupMachine>("group coordinator", "__consumer_offsets", () => Make(topics, peers), chance, seen);
    }

    public static int SessionTimeout => s_rules.SessionTimeout;

    public void Beat(long now, ShareGroupHeartbeatRequest request, Action<ShareGroupHeartbeatResponse> told)
    {
        var reply = new TypedReply<ShareGroupHeartbeatResponse>(new(), told, error => told(new() { ErrorCode = error }));
        Run(now, reply, (machine, outcome) => machine.Share.Heartbeat(request, new MemberClient(request.MemberId, "/"), reply, outcome));
    }

    public void Alter(long now, AlterShareGroupOffsetsRequest request, Action<AlterShareGroupOffsetsResponse> told)
    {
        var reply = new TypedReply<AlterShareGroupOffsetsResponse>(new(), told, error => told(new() { ErrorCode = error }));
        Run(now, reply, (machine, outcome) => machine.Share.AlterOffsets(request, reply, outcome));
    }

    public void DeleteOffsets(long now, DeleteShareGroupOffsetsRequest request, Action<DeleteShareGroupOffsetsResponse> told)
    {
        var reply = new TypedReply<DeleteShareGroupOffsetsResponse>(new(), told, error => told(new() { ErrorCode = error }));
        Run(now, reply, (machine, outcome) => machine.Share.DeleteOffsets(request, reply, outcome));
    }

    public void Delete(long now, string group, Action<ErrorCode> told)
    {
        var error = ErrorCode.None;
        var reply = new OnceReply(() => told(error), told);
        Run(now, reply, (machine, outcome) => machine.Delete(group, found => error = found, reply, outcome));
    }

    /// <param name="ended">Whether it is written.</param>
    public void ForgetTopic(long now, Uuid topic, Action<bool> ended)
    {
        var reply = new OnceReply(() => ended(true), _ => ended(false));
        Run(now, reply, (machine, outcome) =>
        {
            machine.Share.ForgetTopic(topic, outcome);
            outcome.Send(reply);
        });
    }

    /// <summary>One thing happens here by itself.</summary>
    public void Step(long now, bool isCalm)
    {
        _now = now;
        _shard.Step(now, isCalm);
        if (_chance.Next(30) == 0) Compact();
        if (!isCalm && _chance.Next(40) == 0) _shard.Restart(now);
    }

    public ShareGroup? Find(string group) => _shard.Machine.Share.FindShare(group);

    /// <summary>What the log says is what it knows.</summary>
    public void CheckLog(IEnumerable<string> groups)
    {
        if (!_shard.IsStored) return;
        var replayed = _shard.Replayed();
        foreach (var group in groups)
        {
            var (known, found) = (Words(_shard.Machine, group), Words(replayed, group));
            if (known != found) throw new InvalidOperationException($"of {group} the group coordinator knows {known}, and its log says {found}");
        }
    }

    private static string Words(GroupMachine machine, string name)
    {
        if (machine.Share.FindShare(name) is not { } group) return "nothing";
        var members = group.Members.OrderBy(static member => member.Id, StringComparer.Ordinal).Select(member =>
            $"{member.Id} {member.Epoch} {member.PreviousEpoch} [{string.Join(',', member.TopicNames)}] has {Words(member.Assigned)}, shall have {Words(group.FindTarget(member.Id))}");
        var states = group.States.Value;
        return $"epoch {group.EpochAndHash.Value} targets {group.TargetEpoch.Value}; {string.Join("; ", members)}; initializing {Words(states.Initializing)} initialized {Words(states.Initialized)} deleting {string.Join(' ', states.Deleting.Keys.Select(static topic => topic.ToString()).Order(StringComparer.Ordinal))}";
    }

    private static string Words(Assignment? assignment) =>
        assignment is null ? "nothing" : string.Join(' ', assignment.Topics.Select(static topic => $"{topic.Key}:{string.Join(',', topic.Value)}"));

    private static string Words(IReadOnlyDictionary<Uuid, StateTopic> topics) =>
        string.Join(' ', topics.OrderBy(static topic => topic.Key.ToString(), StringComparer.Ordinal).Select(static topic => $"{topic.Key}:{topic.Value.Name}:{string.Join(',', topic.Value.Partitions.Order())}"));

    private GroupMachine Make(ITopicDirectory topics, SimulatedPeers peers)
    {
        GroupMachine? machine = null;
        var surroundings = new ShareSurroundings(static _ => s_rules, () => topics, request => peers.Bring(_now, request.Request, (now, response) =>
        {
            // Who asked may be gone.
            if (_shard.Machine == machine) _shard.Run(now, null, (_, outcome) => request.Answered(response, outcome));
        }));
        return machine = new GroupMachine(new UndoLog(), static () => new GroupRules(), new Random(5), shares: surroundings);
    }

    private void Run(long now, PendingReply reply, Action<GroupMachine, Outcome> action)
    {
        _now = now;
        _shard.Run(now, reply, action);
    }

    /// <summary>Of each key the last record is left, up to somewhere; what is forgotten goes whole.</summary>
    private void Compact()
    {
        var log = _shard.Log;
        if (log.Count == 0) return;
        var end = log[_chance.Next(log.Count)].Offset;
        var last = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (offset, record) in log) last[Convert.ToHexString(record.Key)] = offset;
        var gone = log.RemoveAll(entry => entry.Offset < end && (entry.Record.Value is null || last[Convert.ToHexString(entry.Record.Key)] != entry.Offset));
        if (gone > 0) _seen.Note("compacted");
    }
}
