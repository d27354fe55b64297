using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>A member joins, or says that it is alive: one heartbeat, from what it says to what it is told.</summary>
internal sealed class ConsumerHeartbeat(ConsumerGroups groups, ConsumerGroupHeartbeatRequest request, MemberClient client, Func<string, bool> mayDescribe, Outcome outcome)
{
    private readonly ConsumerRecords _records = new(request.GroupId);

    private bool IsJoining => request.MemberEpoch == 0;

    public void Run(ConsumerGroupHeartbeatResponse response)
    {
        var id = request.MemberId;
        var group = groups.FindOrMake(request.GroupId, IsJoining, _records, outcome);
        ThrowIfFull(group, id);
        if (id.Length == 0) id = groups.NewMemberId();
        var before = request.InstanceId is { } instance ? Static(group, id, instance) : Dynamic(group, id);
        var member = Said(before);
        var hasSaidNew = !member.SaysSameAs(before);
        if (hasSaidNew) _records.Member(member);
        var namesChanged = hasSaidNew && !member.TopicNames.SequenceEqual(before.TopicNames, StringComparer.Ordinal);
        var regex = groups.Regexes.Update(group, before, member, mayDescribe, _records, outcome);
        var step = new MembershipStep(group, groups.Surroundings, _records, outcome.Now);
        member = step.Take(before, member, namesChanged, regex, request.TopicPartitions is { } owned ? [.. owned] : null);
        var replaced = group.StaticMemberId(member.InstanceId);
        groups.Append(group, _records, outcome);
        if (replaced is not null && replaced != member.Id) ConsumerTimers.Stop(group, replaced, outcome);
        groups.Timers.SetSession(group, member, outcome);
        if (step.HasMoved) ConsumerTimers.FollowRevocation(group, member, outcome);
        Tell(group, before, member, response);
    }

    private void Tell(ConsumerGroup group, ConsumerMember before, ConsumerMember member, ConsumerGroupHeartbeatResponse response)
    {
        response.MemberId = member.Id;
        response.MemberEpoch = member.Epoch;
        response.HeartbeatIntervalMs = groups.Surroundings.Rules(group.Name).HeartbeatInterval;
        // A member that says all it has to say may have missed an answer.
        var isFull = request.RebalanceTimeoutMs != -1 && (request.SubscribedTopicNames is not null || request.SubscribedTopicRegex is not null) && request.TopicPartitions is not null;
        if (!IsJoining && !isFull && member.Assigned.SameAs(before.Assigned)) return;
        response.Assignment = new ConsumerGroupHeartbeatResponse.MemberAssignment();
        foreach (var (topic, parts) in member.Assigned.Topics)
        {
            var told = new ConsumerGroupHeartbeatResponse.Assigned { TopicId = topic };
            foreach (var (partition, _) in parts) told.Partitions.Add(partition);
            response.Assignment.TopicPartitions.Add(told);
        }
    }

    private void ThrowIfFull(ConsumerGroup group, string id)
    {
        var most = groups.Surroundings.Rules(group.Name).MaxSize;
        if (group.MemberCount >= most && (id.Length == 0 || !group.HasMember(id)))
            throw new GroupRefusedException(ErrorCode.GroupMaxSizeReached, $"The consumer group has reached its maximum capacity of {most} members.");
    }

    private ConsumerMember Dynamic(ConsumerGroup group, string id)
    {
        var member = group.FindMember(id) ?? (IsJoining ? new ConsumerMember(id) : throw MemberChecks.Unknown(group, id));
        MemberChecks.CheckEpoch(member, request.MemberEpoch, request.TopicPartitions);
        return member;
    }

    private ConsumerMember Static(ConsumerGroup group, string id, string instance)
    {
        var known = group.StaticMember(instance);
        if (!IsJoining)
        {
            MemberChecks.CheckInstance(known, id, instance);
            MemberChecks.CheckEpoch(known!, request.MemberEpoch, request.TopicPartitions);
            return known!;
        }

        if (known is null) return group.FindMember(id) ?? new ConsumerMember(id);
        // Its answer was lost, or it was fenced: it is the same one. Kafka 4.3.1 lets it wait until its session has ended.
        if (known.Id == id && known.Epoch != ConsumerMember.LeavingForNowEpoch) return known;
        // A member of the classic protocol does not say that it leaves for now.
        if (!known.IsClassic && known.Epoch != ConsumerMember.LeavingForNowEpoch)
            throw new GroupRefusedException(ErrorCode.UnreleasedInstanceId, $"Static member {id} with instance id {instance} cannot join the group because the instance id is owned by {known.Id} member.");
        var member = known with { Id = id, Epoch = 0, PreviousEpoch = 0 };
        _records.ForgetMember(known.Id);
        _records.Member(member);
        _records.Target(id, group.FindTarget(known.Id) ?? Assignment.Empty);
        _records.Current(member);
        return member;
    }

    private ConsumerMember Said(ConsumerMember before) => before with
    {
        InstanceId = request.InstanceId ?? before.InstanceId,
        RackId = request.RackId ?? before.RackId,
        RebalanceTimeout = request.RebalanceTimeoutMs == -1 ? before.RebalanceTimeout : request.RebalanceTimeoutMs,
        ServerAssignor = request.ServerAssignor ?? before.ServerAssignor,
        TopicNames = request.SubscribedTopicNames is { } names ? [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] : before.TopicNames,
        TopicRegex = request.SubscribedTopicRegex ?? before.TopicRegex,
        ClientId = client.Id,
        ClientHost = client.Host,
        Classic = null,
    };
}
