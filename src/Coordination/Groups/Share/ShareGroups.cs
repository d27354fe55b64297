using Moldau.Coordination.Groups.Consumer;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Share;

/// <summary>The groups of KIP-932 in a shard: who is in them, and what is whose. Who holds which record is their leaders' matter.</summary>
public sealed class ShareGroups : IGroupProtocol
{
    internal const string Session = "share-session";

    // A crash between parts of a great assignment leaves the targets' epoch behind the group's: they are made anew.
    private const int ManyRecords = 2000;

    private readonly GroupMachine _machine;
    private readonly ShareReplay _replay;
    private readonly StateDeletion _deletion;
    private readonly StartAlteration _alteration;

    public ShareGroups(GroupMachine machine, ShareSurroundings surroundings)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(surroundings);
        _machine = machine;
        _replay = new ShareReplay(machine.Undo);
        Surroundings = surroundings;
        Requests = new StateRequests(surroundings.Deliver);
        States = new StateInitialization(this);
        _deletion = new StateDeletion(this);
        _alteration = new StartAlteration(this);
    }

    public IEnumerable<Group> All => _replay.Groups.Values;

    internal ShareSurroundings Surroundings { get; }

    internal StateRequests Requests { get; }

    internal StateInitialization States { get; }

    public Group? Find(string name) => FindShare(name);

    /// <summary>A member joins, is alive, or leaves.</summary>
    public void Heartbeat(ShareGroupHeartbeatRequest request, MemberClient client, PendingReply<ShareGroupHeartbeatResponse> answer, Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(outcome);
        try
        {
            ShareHeartbeatCheck.Check(request);
            if (request.MemberEpoch != ShareMember.LeavingEpoch)
            {
                new ShareHeartbeat(this, request, client, outcome).Run(answer);
                return;
            }

            Leave(request, answer.Response, outcome);
        }
        catch (GroupRefusedException refusal)
        {
            answer.Response.ErrorCode = refusal.Code;
            answer.Response.ErrorMessage = refusal.Message;
            // What was about to be written is not: the topics have to be looked at again.
            if (FindShare(request.GroupId) is { } group) group.TopicsRevision = -1;
        }

        outcome.Send(answer);
    }

    /// <summary>AlterShareGroupOffsets.</summary>
    public void AlterOffsets(AlterShareGroupOffsetsRequest request, PendingReply<AlterShareGroupOffsetsResponse> reply, Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(reply);
        ArgumentNullException.ThrowIfNull(outcome);
        try
        {
            _alteration.Run(request, reply, outcome);
        }
        catch (GroupRefusedException refusal)
        {
            (reply.Response.ErrorCode, reply.Response.ErrorMessage) = (refusal.Code, refusal.Message);
            outcome.Send(reply);
        }
    }

    /// <summary>DeleteShareGroupOffsets.</summary>
    public void DeleteOffsets(DeleteShareGroupOffsetsRequest request, PendingReply<DeleteShareGroupOffsetsResponse> reply, Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(reply);
        ArgumentNullException.ThrowIfNull(outcome);
        try
        {
            _deletion.DeleteOffsets(request, reply, outcome);
        }
        catch (GroupRefusedException refusal)
        {
            (reply.Response.ErrorCode, reply.Response.ErrorMessage) = (refusal.Code, refusal.Message);
            outcome.Send(reply);
        }
    }

    /// <summary>The partitions a group has state of, for DescribeShareGroupOffsets; none of a group that is not known.</summary>
    public IReadOnlyList<(Uuid Topic, IReadOnlyList<int> Partitions)> Initialized(string name) =>
        FindShare(name) is { } group ? [.. group.States.Value.Initialized.Select(static topic => (topic.Key, (IReadOnlyList<int>)[.. topic.Value.Partitions.Order()]))] : [];

    public ShareGroupDescribeResponse.Group Describe(string name) => ShareDescription.Of(name, _machine.Find(name), Surroundings.Topics());

    /// <summary>A topic is no more; its states go by themselves.</summary>
    public void ForgetTopic(Uuid topic, Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        outcome.MayBeSplit = true;
        var gone = new HashSet<Uuid> { topic };
        foreach (var group in _replay.Groups.Values.Where(group => group.States.Value.Knows(topic)).ToArray()) Write(group, group.States.Value.Without(gone), outcome);
    }

    public bool Replay(IMessage key, IMessage? value) => _replay.Replay(key, value);

    public void Loaded(Outcome outcome)
    {
        foreach (var group in _replay.Groups.Values) group.AlteredEpoch = group.EpochAndHash.Value.Epoch;
        SetSessions(outcome);
    }

    public bool Elapsed(ShardTimer timer, Outcome outcome)
    {
        if (timer.Kind != Session) return false;
        if (FindShare(timer.Owner) is { } group && group.FindMember(timer.Part) is { } member) Fence(group, member, outcome);
        return true;
    }

    public void RolledBack(Outcome outcome)
    {
        foreach (var group in _replay.Groups.Values)
        {
            group.TopicsRevision = -1;
            group.AskedAt.Clear();
            group.AlteredEpoch = group.EpochAndHash.Value.Epoch;
        }

        SetSessions(outcome);
    }

    public void Dropped(Outcome outcome) => Requests.Dropped(outcome);

    internal ShareGroup? FindShare(string name) => _replay.Groups.Find(name);

    /// <summary>The group, or one that is about to be; its records are what makes it.</summary>
    internal ShareGroup FindOrMake(string name, bool mayMake) => _machine.Find(name) switch
    {
        ShareGroup group => group,
        null when mayMake => new ShareGroup(name, _machine.Undo),
        null => throw new GroupRefusedException(ErrorCode.GroupIdNotFound, $"Share group {name} not found."),
        _ => throw new GroupRefusedException(ErrorCode.GroupIdNotFound, $"Group {name} is not a share group."),
    };

    internal static GroupRefusedException NotEmpty(string name) => new(ErrorCode.NonEmptyGroup, $"Group {name} is not empty.");

    internal void DeleteGroup(ShareGroup group, Action<ErrorCode> tell, PendingReply reply, Outcome outcome) => _deletion.DeleteGroup(group, tell, reply, outcome);

    internal void Forget(ShareGroup group, Outcome outcome) => _machine.Forget(group, outcome);

    internal void Append(ShareGroup group, ShareRecords records, Outcome outcome)
    {
        _replay.Making = group;
        records.AppendTo(outcome);
        _replay.Making = null;
        outcome.MayBeSplit |= outcome.Records.Count > ManyRecords;
    }

    internal void Write(ShareGroup group, StatePartitions states, Outcome outcome)
    {
        var records = new ShareRecords(group.Name);
        records.States(states);
        Append(group, records, outcome);
    }

    internal void SetSession(ShareGroup group, ShareMember member, Outcome outcome) =>
        outcome.SetTimer(new ShardTimer(Session, group.Name, member.Id), TimeSpan.FromMilliseconds(Surroundings.Rules(group.Name).SessionTimeout));

    private void SetSessions(Outcome outcome)
    {
        foreach (var group in _replay.Groups.Values)
        {
            foreach (var member in group.Members) SetSession(group, member, outcome);
        }
    }

    private void Leave(ShareGroupHeartbeatRequest request, ShareGroupHeartbeatResponse response, Outcome outcome)
    {
        var group = FindOrMake(request.GroupId, mayMake: false);
        var member = group.FindMember(request.MemberId) ?? throw ShareHeartbeatCheck.Unknown(request.MemberId, group.Name);
        response.MemberId = member.Id;
        response.MemberEpoch = request.MemberEpoch;
        Fence(group, member, outcome);
    }

    private void Fence(ShareGroup group, ShareMember member, Outcome outcome)
    {
        var records = new ShareRecords(group.Name);
        records.ForgetMember(member.Id);
        records.GroupEpoch(group.EpochAndHash.Value.Epoch + 1, TopicHash.OfGroup(group.TopicsAfter(member, null).Keys, Surroundings.Topics()));
        outcome.StopTimer(new ShardTimer(Session, group.Name, member.Id));
        Append(group, records, outcome);
    }
}
