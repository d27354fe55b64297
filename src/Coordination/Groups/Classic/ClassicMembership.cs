using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Classic;

/// <summary>SyncGroup, Heartbeat and LeaveGroup: what members do between two rounds.</summary>
internal sealed class ClassicMembership(ClassicRebalance rebalance)
{
    public static void Sync(ClassicGroup? group, SyncGroupRequest request, PendingReply<SyncGroupResponse> reply, Outcome outcome)
    {
        if (CheckSync(group, request) is var fault && fault != ErrorCode.None)
        {
            ClassicReplies.Fail(reply, fault, outcome);
            return;
        }

        var member = group!.Find(request.MemberId)!;
        // Who asks again over another connection no longer waits on the first.
        if (member.Sync is { } earlier) ClassicReplies.Fail(earlier, ErrorCode.UnknownMemberId, outcome);
        member.Sync = reply;
        if (group.PendingSyncs.Remove(member.Id) && group.PendingSyncs.Count == 0) outcome.StopTimer(group.Timers.SyncTimer);
        if (group.Phase != ClassicState.CompletingRebalance)
        {
            // Nobody else waits: the leader's assignment has answered them all.
            Answer(group, member, outcome);
            return;
        }

        if (group.Leader != member.Id) return;
        Assign(group, request);
        group.Enter(ClassicState.Stable, outcome.Now);
        ClassicRecord.Append(group, outcome);
        foreach (var waiting in group.Members) Answer(group, waiting, outcome);
    }

    public static ErrorCode Heartbeat(ClassicGroup? group, HeartbeatRequest request, Outcome outcome)
    {
        if (group is null) return ErrorCode.UnknownMemberId;
        if (group.CheckMember(request.MemberId, request.GroupInstanceId) is var fault && fault != ErrorCode.None) return fault;
        if (request.GenerationId != group.Generation) return ErrorCode.IllegalGeneration;
        group.Timers.Heard(group.Find(request.MemberId)!, outcome);
        return group.Phase == ClassicState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    /// <param name="group">Which they leave.</param>
    /// <param name="members">Who, and where each one's answer stands.</param>
    /// <param name="outcome">Of the event.</param>
    public void Leave(ClassicGroup group, IEnumerable<(string Member, string? Instance, LeaveGroupResponse.Member Told)> members, Outcome outcome)
    {
        var hasLeft = false;
        foreach (var (id, instance, told) in members)
        {
            told.ErrorCode = LeaveOne(group, id, instance, outcome);
            hasLeft |= told.ErrorCode == ErrorCode.None;
        }

        if (hasLeft) rebalance.Left(group, outcome);
    }

    private static ErrorCode LeaveOne(ClassicGroup group, string id, string? instance, Outcome outcome)
    {
        if (id.Length == 0)
        {
            // An administrator knows the instance alone.
            if (instance is null || group.StaticMember(instance) is not { } known) return ErrorCode.UnknownMemberId;
            id = known;
        }
        else if (group.PendingJoins.Remove(id))
        {
            group.Timers.Stop(id, outcome);
            return ErrorCode.None;
        }
        else if (group.CheckMember(id, instance) is var fault && fault != ErrorCode.None)
        {
            return fault;
        }

        ClassicRebalance.Remove(group, group.Find(id)!, outcome);
        return ErrorCode.None;
    }

    private static ErrorCode CheckSync(ClassicGroup? group, SyncGroupRequest request)
    {
        if (group is null) return ErrorCode.UnknownMemberId;
        if (group.CheckMember(request.MemberId, request.GroupInstanceId) is var fault && fault != ErrorCode.None) return fault;
        if (request.GenerationId != group.Generation) return ErrorCode.IllegalGeneration;
        if (request.ProtocolType is { } type && type != group.ProtocolType) return ErrorCode.InconsistentGroupProtocol;
        if (request.ProtocolName is { } name && group.Protocol is { } chosen && name != chosen) return ErrorCode.InconsistentGroupProtocol;
        return group.Phase == ClassicState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    private static void Answer(ClassicGroup group, ClassicMember waiting, Outcome outcome)
    {
        if (waiting.Sync is not { } sync) return;
        waiting.Sync = null;
        ClassicReplies.Synced(sync, group, waiting, outcome);
        group.Timers.Heard(waiting, outcome);
    }

    /// <summary>Whom the leader does not name gets nothing.</summary>
    private static void Assign(ClassicGroup group, SyncGroupRequest request)
    {
        foreach (var member in group.Members) member.Assignment = default;
        foreach (var assignment in request.Assignments)
        {
            if (group.Find(assignment.MemberId) is { } member) member.Assignment = assignment.Assignment.ToArray();
        }
    }
}
