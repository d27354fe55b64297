using Moldau.Coordination.Groups.Consumer.Migration;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>Members go: by their own word, or because they were silent or slow.</summary>
internal sealed class ConsumerLeave(GroupMachine machine, ConsumerGroups groups)
{
    public void Run(ConsumerGroupHeartbeatRequest request, ConsumerGroupHeartbeatResponse response, Outcome outcome)
    {
        var group = groups.FindOrMake(request.GroupId, mayMake: false, new ConsumerRecords(request.GroupId), outcome);
        ConsumerMember member;
        if (request.InstanceId is not { } instance)
        {
            member = group.FindMember(request.MemberId) ?? throw MemberChecks.Unknown(group, request.MemberId);
        }
        else
        {
            MemberChecks.CheckInstance(group.StaticMember(instance), request.MemberId, instance);
            member = group.StaticMember(instance)!;
        }

        response.MemberId = member.Id;
        response.MemberEpoch = request.MemberEpoch;
        if (request.InstanceId is not null && request.MemberEpoch == ConsumerMember.LeavingForNowEpoch) LeaveForNow(group, member, outcome);
        else Fence(group, [member], outcome);
    }

    public void Fence(ConsumerGroup group, IReadOnlyList<ConsumerMember> members, Outcome outcome)
    {
        if (Downgrade.IsDue(group, members, groups.Surroundings.Rules(group.Name), machine.Rules().MaxClassicSize))
        {
            Downgrade.Run(group, members, mustRebalance: true, machine, outcome);
            return;
        }

        var records = new ConsumerRecords(group.Name);
        foreach (var member in members) records.ForgetMember(member.Id);
        var unused = RegexSubscriptions.ForgetUnused(group, members, records);
        var topics = groups.Surroundings.Topics();
        records.GroupEpoch(group.EpochAndHash.Value.Epoch + 1, TopicHash.OfGroup(group.Subscriptions.TopicsWithout(members, unused).Keys, topics));
        foreach (var member in members) ConsumerTimers.Stop(group, member.Id, outcome);
        groups.Append(group, records, outcome);
    }

    // It keeps what it has, for whoever comes back under its name; its session goes on.
    private void LeaveForNow(ConsumerGroup group, ConsumerMember member, Outcome outcome)
    {
        var records = new ConsumerRecords(group.Name);
        records.Current(member with { Epoch = ConsumerMember.LeavingForNowEpoch, Revoking = OwnedPartitions.Empty, Assigned = member.Assigned.WithEpoch(0) });
        groups.Append(group, records, outcome);
    }
}
