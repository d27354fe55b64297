using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Classic;

/// <summary>JoinGroup: new members, members that join again, and static ones that have come back without their id.</summary>
internal sealed class ClassicJoin(GroupMachine machine, ClassicRebalance rebalance)
{
    private const short FirstWithRequiredId = 4;
    private const short FirstWithSkippedAssignment = 9;

    private readonly MemberIds _ids = new(machine.Chance);

    public void Run(ClassicGroup? found, JoinGroupRequest request, short version, MemberClient client, PendingReply<JoinGroupResponse> reply, Outcome outcome)
    {
        var rules = machine.Rules();
        if (request.SessionTimeoutMs < rules.MinSessionTimeout || request.SessionTimeoutMs > rules.MaxSessionTimeout)
        {
            ClassicReplies.Fail(reply, ErrorCode.InvalidSessionTimeout, request.MemberId, outcome);
            return;
        }

        var isUnknown = request.MemberId.Length == 0;
        if (found is null && !isUnknown)
        {
            ClassicReplies.Fail(reply, ErrorCode.UnknownMemberId, request.MemberId, outcome);
            return;
        }

        var offers = Offers(request);
        var group = found ?? machine.Classic.Ensure(request.GroupId);
        if (!HasRoom(group, request.MemberId, rules.MaxClassicSize)) Refuse(group, request, reply, outcome);
        else if (!Fits(group, request.ProtocolType, offers)) ClassicReplies.Fail(reply, ErrorCode.InconsistentGroupProtocol, request.MemberId, outcome);
        else if (isUnknown) JoinNew(group, request, version, client, offers, reply, outcome);
        else JoinKnown(group, request, client, offers, reply, outcome);
    }

    private void JoinNew(
        ClassicGroup group, JoinGroupRequest request, short version, MemberClient client, List<GroupProtocolOffer> offers, PendingReply<JoinGroupResponse> reply, Outcome outcome)
    {
        var id = _ids.Next(client.Id, request.GroupInstanceId);
        if (request.GroupInstanceId is { } instance)
        {
            if (group.StaticMember(instance) is { } old) Replace(group, group.Find(old)!, id, request, version, client, offers, reply, outcome);
            else Add(group, id, request, client, offers, reply, outcome);
        }
        else if (version >= FirstWithRequiredId)
        {
            // It joins once more with the id it is given: one that is lost on the way leaves no member behind.
            group.PendingJoins.Add(id);
            group.Timers.Set(id, request.SessionTimeoutMs, outcome);
            ClassicReplies.Fail(reply, ErrorCode.MemberIdRequired, id, outcome);
        }
        else
        {
            Add(group, id, request, client, offers, reply, outcome);
        }
    }

    private void JoinKnown(
        ClassicGroup group, JoinGroupRequest request, MemberClient client, List<GroupProtocolOffer> offers, PendingReply<JoinGroupResponse> reply, Outcome outcome)
    {
        if (group.PendingJoins.Contains(request.MemberId))
        {
            Add(group, request.MemberId, request, client, offers, reply, outcome);
            return;
        }

        if (group.CheckMember(request.MemberId, request.GroupInstanceId) is var fault && fault != ErrorCode.None)
        {
            ClassicReplies.Fail(reply, fault, request.MemberId, outcome);
            return;
        }

        var member = group.Find(request.MemberId)!;
        var isSame = member.Protocols.SequenceEqual(offers);
        var isLeader = group.Leader == member.Id;
        // Where nothing has changed the member has missed its reply; a leader that joins again sees something others do not.
        if (isSame && (group.Phase == ClassicState.CompletingRebalance || (group.Phase == ClassicState.Stable && !isLeader)))
            ClassicReplies.Joined(reply, group, member.Id, group.Leader!, withMembers: isLeader, outcome);
        else if (group.Phase == ClassicState.Empty)
            ClassicReplies.Fail(reply, ErrorCode.UnknownMemberId, request.MemberId, outcome);
        else
            Update(group, member, request, client, offers, reply, outcome);
    }

    private void Add(ClassicGroup group, string id, JoinGroupRequest request, MemberClient client, List<GroupProtocolOffer> offers, PendingReply<JoinGroupResponse> reply, Outcome outcome)
    {
        var member = new ClassicMember(id, request.GroupInstanceId, client)
        {
            SessionTimeout = request.SessionTimeoutMs, RebalanceTimeout = RebalanceTimeout(request), Protocols = offers, IsNew = true, Join = reply,
        };
        // The first round may wait a little longer for others like it.
        if (group.Phase == ClassicState.PreparingRebalance && group.Generation == 0) group.HasNewMember = true;
        group.Add(member, request.ProtocolType);
        group.Timers.Parked(member, outcome);
        rebalance.Request(group, outcome);
    }

    private void Update(
        ClassicGroup group, ClassicMember member, JoinGroupRequest request, MemberClient client, List<GroupProtocolOffer> offers, PendingReply<JoinGroupResponse> reply, Outcome outcome)
    {
        Take(group, member, request, client, offers, reply, outcome);
        rebalance.Request(group, outcome);
    }

    private static void Take(
        ClassicGroup group, ClassicMember member, JoinGroupRequest request, MemberClient client, List<GroupProtocolOffer> offers, PendingReply<JoinGroupResponse> reply, Outcome outcome)
    {
        // It asks again, over another connection: the first question has nobody any more who waits for it.
        if (member.Join is { } earlier) ClassicReplies.Fail(earlier, ErrorCode.UnknownMemberId, member.Id, outcome);
        group.SetProtocols(member, offers);
        member.Client = client;
        (member.SessionTimeout, member.RebalanceTimeout) = (request.SessionTimeoutMs, RebalanceTimeout(request));
        group.SetJoin(member, reply);
    }

    /// <summary>A static member that has lost its id gets a new one, and whoever still speaks with the old one is fenced.</summary>
    private void Replace(
        ClassicGroup group, ClassicMember member, string id, JoinGroupRequest request, short version, MemberClient client, List<GroupProtocolOffer> offers,
        PendingReply<JoinGroupResponse> reply, Outcome outcome)
    {
        var (oldId, oldLeader) = (member.Id, group.Leader!);
        if (member.Join is { } join)
        {
            group.SetJoin(member, null);
            ClassicReplies.Fail(join, ErrorCode.FencedInstanceId, oldId, outcome);
        }

        if (member.Sync is { } sync)
        {
            member.Sync = null;
            ClassicReplies.Fail(sync, ErrorCode.FencedInstanceId, outcome);
        }

        group.Timers.Stop(oldId, outcome);
        group.Rename(member, id);
        Take(group, member, request, client, offers, reply, outcome);
        group.Timers.Set(id, member.RebalanceTimeout, outcome);
        if (group.Phase != ClassicState.Stable || ProtocolVote.Select(group.Members) != group.Protocol)
        {
            rebalance.Request(group, outcome);
            return;
        }

        // Nothing changes for the others: it takes over what it had before.
        group.SetJoin(member, null);
        ClassicRecord.Append(group, outcome);
        var isLeader = group.Leader == id;
        if (version >= FirstWithSkippedAssignment) ClassicReplies.Joined(reply, group, id, group.Leader!, withMembers: isLeader, outcome, skipsAssignment: isLeader);
        // An older client would compute an assignment if it read that it leads.
        else ClassicReplies.Joined(reply, group, id, oldLeader, withMembers: false, outcome);
    }

    private static bool HasRoom(ClassicGroup group, string member, int most) => group.Phase switch
    {
        ClassicState.Empty => true,
        ClassicState.PreparingRebalance => group.Find(member)?.Join is not null || group.JoinCount < most,
        _ => group.Find(member) is not null || group.Count < most,
    };

    private static void Refuse(ClassicGroup group, JoinGroupRequest request, PendingReply<JoinGroupResponse> reply, Outcome outcome)
    {
        if (group.Find(request.MemberId) is { } member) ClassicRebalance.Remove(group, member, outcome);
        else if (group.PendingJoins.Remove(request.MemberId)) group.Timers.Stop(request.MemberId, outcome);
        ClassicReplies.Fail(reply, ErrorCode.GroupMaxSizeReached, "", outcome);
    }

    private static bool Fits(ClassicGroup group, string type, List<GroupProtocolOffer> offers) => group.Phase == ClassicState.Empty
        ? type.Length > 0 && offers.Count > 0
        : type == group.ProtocolType && group.KnowsOneOf(offers);

    /// <summary>Version 0 has one timeout for both.</summary>
    private static int RebalanceTimeout(JoinGroupRequest request) => request.RebalanceTimeoutMs == -1 ? request.SessionTimeoutMs : request.RebalanceTimeoutMs;

    private static List<GroupProtocolOffer> Offers(JoinGroupRequest request)
    {
        var offers = new List<GroupProtocolOffer>(request.Protocols.Count);
        foreach (var protocol in request.Protocols) offers.Add(new GroupProtocolOffer(protocol.Name, protocol.Metadata.ToArray()));
        return offers;
    }
}
