using Moldau.Coordination.Groups.Classic;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer.Migration;

/// <summary>
/// Members that speak the classic protocol in a group that has members of the new one. The coordinator assigns; they join again
/// for each step, which a heartbeat tells them to, and learn by SyncGroup what they own.
/// </summary>
internal sealed class ClassicMembers(GroupMachine machine, ConsumerGroups groups)
{
    private const short FirstWithRequiredId = 4;

    public void Join(ConsumerGroup group, JoinGroupRequest request, short version, MemberClient client, PendingReply<JoinGroupResponse> reply, Outcome outcome)
    {
        try
        {
            new ClassicMemberJoin(machine, groups, group, request, client, outcome).Run(version >= FirstWithRequiredId, reply.Response);
        }
        catch (GroupRefusedException refusal)
        {
            reply.Response.ErrorCode = refusal.Code;
            reply.Response.MemberId = request.MemberId;
            reply.Response.GenerationId = -1;
        }

        outcome.Send(reply);
    }

    public void Sync(ConsumerGroup group, SyncGroupRequest request, PendingReply<SyncGroupResponse> reply, Outcome outcome)
    {
        try
        {
            var member = Known(group, request.MemberId, request.GroupInstanceId, request.GenerationId);
            var protocol = member.Classic!.Protocols[0];
            if (request.ProtocolType is { } type && type != EmbeddedProtocol.Type) throw Inconsistent($"protocol type '{type}' in a group of type '{EmbeddedProtocol.Type}'");
            if (request.ProtocolName is { } named && named != protocol.Key) throw Inconsistent($"protocol '{named}', where '{protocol.Key}' was answered");
            if (group.TargetEpoch.Value.Epoch > member.Epoch && member.State != MemberState.UnrevokedPartitions)
            {
                ConsumerTimers.AwaitJoin(group, member, outcome);
                throw new GroupRefusedException(ErrorCode.RebalanceInProgress, $"A new rebalance is triggered in group {group.Name} and member {member.Id} should rejoin to catch up.");
            }

            ConsumerTimers.StopSync(group, member.Id, outcome);
            groups.Timers.SetSession(group, member, outcome);
            (reply.Response.ProtocolType, reply.Response.ProtocolName) = (request.ProtocolType, request.ProtocolName);
            var owned = member.Assigned.Topics.Select(static topic => new KeyValuePair<Uuid, IEnumerable<int>>(topic.Key, topic.Value.Select(static part => part.Key)));
            reply.Response.Assignment = EmbeddedProtocol.Write(owned, protocol.Value, machine.Topics);
        }
        catch (GroupRefusedException refusal)
        {
            reply.Response.ErrorCode = refusal.Code;
        }

        outcome.Send(reply);
    }

    public ErrorCode Heartbeat(ConsumerGroup group, HeartbeatRequest request, Outcome outcome)
    {
        try
        {
            var member = Known(group, request.MemberId, request.GroupInstanceId, request.GenerationId);
            groups.Timers.SetSession(group, member, outcome);
            var mustJoin = member.Epoch < group.TargetEpoch.Value.Epoch || member.State == MemberState.UnrevokedPartitions ||
                (member.State == MemberState.UnreleasedPartitions && !WaitsForOthers(group, member));
            if (!mustJoin) return ErrorCode.None;
            ConsumerTimers.AwaitJoin(group, member, outcome);
            return ErrorCode.RebalanceInProgress;
        }
        catch (GroupRefusedException refusal)
        {
            return refusal.Code;
        }
    }

    public void Leave(ConsumerGroup group, IReadOnlyList<(string Id, string? Instance, LeaveGroupResponse.Member Told)> leaving, Outcome outcome)
    {
        var members = new List<ConsumerMember>();
        foreach (var (id, instance, told) in leaving)
        {
            try
            {
                var member = instance is null ? group.FindMember(id) ?? throw MemberChecks.Unknown(group, id) : group.StaticMember(instance);
                // An operator removes a static member without knowing its id.
                if (instance is not null) MemberChecks.CheckInstance(member, id.Length == 0 && member is not null ? member.Id : id, instance);
                told.ErrorCode = ErrorCode.None;
                if (!members.Contains(member!)) members.Add(member!);
            }
            catch (GroupRefusedException refusal)
            {
                told.ErrorCode = refusal.Code;
            }
        }

        if (members.Count > 0) groups.Fence(group, members, outcome);
    }

    private static ConsumerMember Known(ConsumerGroup group, string id, string? instance, int generation)
    {
        if (instance is not null) MemberChecks.CheckInstance(group.StaticMember(instance), id, instance);
        var member = group.FindMember(id) ?? throw MemberChecks.Unknown(group, id);
        if (!member.IsClassic) throw new GroupRefusedException(ErrorCode.UnknownMemberId, $"Member {id} does not use the classic protocol.");
        if (member.Epoch != generation)
            throw new GroupRefusedException(ErrorCode.IllegalGeneration, $"The request generation id {generation} is not equal to the member epoch {member.Epoch} of member {id}.");
        return member;
    }

    private static bool WaitsForOthers(ConsumerGroup group, ConsumerMember member)
    {
        foreach (var (topic, partitions) in group.FindTarget(member.Id)?.Topics ?? [])
        {
            foreach (var partition in partitions)
            {
                if (member.Assigned.EpochOf(topic, partition) is null && group.Held.IsHeld(topic, partition)) return true;
            }
        }

        return false;
    }

    private static GroupRefusedException Inconsistent(string what) => new(ErrorCode.InconsistentGroupProtocol, what);
}
