using Moldau.Coordination.Groups.Consumer;
using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Share;

/// <summary>A member joins, or says that it is alive: one heartbeat, from what it says to what it is told.</summary>
internal sealed class ShareHeartbeat(ShareGroups groups, ShareGroupHeartbeatRequest request, MemberClient client, Outcome outcome)
{
    private readonly ShareRecords _records = new(request.GroupId);

    private bool IsJoining => request.MemberEpoch == 0;

    public void Run(PendingReply<ShareGroupHeartbeatResponse> answer)
    {
        var group = groups.FindOrMake(request.GroupId, IsJoining);
        var known = group.FindMember(request.MemberId);
        ThrowIfFull(group, known);
        var before = known ?? (IsJoining ? new ShareMember(request.MemberId) : throw ShareHeartbeatCheck.Unknown(request.MemberId, group.Name));
        ShareHeartbeatCheck.CheckEpoch(before, request.MemberEpoch);
        var member = Said(before);
        if (!member.SaysSameAs(before)) _records.Member(member);
        var topics = groups.Surroundings.Topics();
        var subscriptions = group.TopicsAfter(known, member);
        var (epoch, hasGrown) = Epoch(group, !member.SubscribesAs(before), subscriptions.Keys, topics);
        var (targetEpoch, target) = new ShareTargets(group, groups.Surroundings.Rules(group.Name), topics).Update(epoch, member, subscriptions, _records, outcome.Now);
        member = Reconcile(member, targetEpoch, target, hasGrown, topics);
        var wanted = groups.States.Missing(group, subscriptions.Keys, topics, outcome.Now);
        if (wanted.Count > 0) _records.States(group.States.Value.WithInitializing(wanted, topics));
        groups.Append(group, _records, outcome);
        groups.SetSession(group, member, outcome);
        Tell(group, before, member, answer.Response);
        if (wanted.Count > 0) groups.States.Ask(group, epoch, wanted, answer, outcome);
        else outcome.Send(answer);
    }

    private void ThrowIfFull(ShareGroup group, ShareMember? known)
    {
        var most = groups.Surroundings.Rules(group.Name).MaxSize;
        if (known is null && group.MemberCount >= most)
            throw new GroupRefusedException(ErrorCode.GroupMaxSizeReached, $"The share group has reached its maximum capacity of {most} members.");
    }

    private ShareMember Said(ShareMember before) => before with
    {
        RackId = request.RackId ?? before.RackId,
        TopicNames = request.SubscribedTopicNames is { } names ? [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] : before.TopicNames,
        ClientId = client.Id,
        ClientHost = client.Host,
    };

    private (int Epoch, bool HasGrown) Epoch(ShareGroup group, bool mustGrow, IEnumerable<string> subscribed, ITopicDirectory topics)
    {
        var (epoch, hash) = group.EpochAndHash.Value;
        // Only then: a target that is behind is made anew anyway.
        if (group.TargetEpoch.Value.Epoch >= epoch) mustGrow |= StateInitialization.AreTargetsBehind(group);
        if (!mustGrow && group.TopicsRevision == topics.Revision) return (epoch, false);
        var newHash = TopicHash.OfGroup(subscribed, topics);
        mustGrow |= newHash != hash;
        if (mustGrow) _records.GroupEpoch(++epoch, newHash);
        group.TopicsRevision = topics.Revision;
        return (epoch, mustGrow);
    }

    /// <summary>The member takes its target at once: nobody has to give anything up first.</summary>
    private ShareMember Reconcile(ShareMember member, int targetEpoch, Assignment target, bool hasGrown, ITopicDirectory topics)
    {
        if (!hasGrown && member.Epoch == targetEpoch) return member;
        var subscribed = ShareTargets.SubscribedTopics(member, topics);
        var next = member with { Assigned = Assignment.InOrder(target.Topics.Where(topic => subscribed.Contains(topic.Key))) };
        if (member.Epoch != targetEpoch) next = next with { Epoch = targetEpoch, PreviousEpoch = member.Epoch };
        if (next.HoldsSameAs(member)) return member;
        _records.Current(next);
        return next;
    }

    private void Tell(ShareGroup group, ShareMember before, ShareMember member, ShareGroupHeartbeatResponse response)
    {
        response.MemberId = member.Id;
        response.MemberEpoch = member.Epoch;
        response.HeartbeatIntervalMs = groups.Surroundings.Rules(group.Name).HeartbeatInterval;
        // A member that says all it has to say may have missed an answer.
        if (!IsJoining && request.SubscribedTopicNames is null && member.Assigned.SameAs(before.Assigned)) return;
        response.Assignment = new ShareGroupHeartbeatResponse.MemberAssignment();
        foreach (var (topic, partitions) in member.Assigned.Topics)
        {
            var told = new ShareGroupHeartbeatResponse.TopicPartition { TopicId = topic };
            foreach (var partition in partitions) told.Partitions.Add(partition);
            response.Assignment.TopicPartitions.Add(told);
        }
    }
}
